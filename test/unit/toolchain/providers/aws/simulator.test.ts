import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { JsonObject, UNKNOWN } from "../../../../../toolchain/providers/base/json";
import { nodesOf } from "../../../../../toolchain/providers/aws/nodes";
import { Account, cluster, network, nodeGroupInputs, Resource } from "./account";

let account: Account;
beforeEach(() => (account = new Account()));
afterEach(() => account.close());

const files = (): string[] =>
    readdirSync(account.folder)
        .filter((file) => file.endsWith(".json"))
        .map((file) => join(account.folder, file));

const text = (resource: Resource, property: string): string => resource.outputs[property] as string;

describe("inputs", () => {
    it("that a type does not have are refused, with those that it has", () => {
        const refused = account.refused("aws:ec2/vpc:Vpc", { cidr: "10.0.0.0/16" });

        expect(refused).toEqual([expect.stringMatching(/^cidr is no property of it; there are: .*cidrBlock/)]);
    });

    it("are checked inside objects and lists too, and for their shape", () => {
        const refused = account.refused("aws:eks/nodeGroup:NodeGroup", {
            ...nodeGroupInputs(["subnet-1"], "arn"),
            scalingConfig: { minSize: "one", desiredSize: 1, maxSize: 1, size: 1 },
            taints: [{ key: "a", effect: "NO_SCHEDULE", values: [] }],
            labels: "gpu",
        });

        expect(refused).toEqual([
            expect.stringMatching(/^scalingConfig\.minSize must be a number/),
            expect.stringMatching(/^scalingConfig\.size is no property/),
            expect.stringMatching(/^taints\[0\]\.values is no property/),
            expect.stringMatching(/^labels must be a map/),
        ]);
    });

    it("that are required are asked for, all at once", () => {
        expect(account.refused("aws:eks/cluster:Cluster", {})).toEqual([
            "roleArn is required",
            "vpcConfig is required",
        ]);
    });

    it("have to keep AWS's own rules", () => {
        const wrong = account.refused("aws:eks/nodeGroup:NodeGroup", {
            ...nodeGroupInputs(["subnet-1"], "arn"),
            version: "1.36.1",
            capacityType: "spot",
            taints: [{ key: "a", effect: "NoSchedule" }],
            scalingConfig: { minSize: 2, desiredSize: 1, maxSize: 4 },
            launchTemplate: { id: "lt-1", version: "1" },
            diskSize: 20,
        });

        expect(wrong.map((line) => line.split(" ")[0])).toEqual([
            "taints.*.effect",
            "capacityType",
            "version",
            "scalingConfig",
            "diskSize",
        ]);
    });

    it("get the provider's default tags below their own", () => {
        account.simulator.configure({ region: "eu-west-1", defaultTags: '{"tags":{"team":"ml","env":"dev"}}' });
        const { inputs } = account.check("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16", tags: { env: "prod" } });

        expect(inputs.value.tags).toEqual({ team: "ml", env: "prod" });
    });
});

describe("a resource", () => {
    it("gets the same id in every account, and another one beside its predecessor", async () => {
        const other = new Account();
        const inputs = { cidrBlock: "10.0.0.0/16" };
        const first = await account.make("aws:ec2/vpc:Vpc", "vpc", inputs);
        const again = await account.make("aws:ec2/vpc:Vpc", "vpc", inputs);

        expect(first.id).toMatch(/^vpc-[0-9a-f]{17}$/);
        expect((await other.make("aws:ec2/vpc:Vpc", "vpc", inputs)).id).toBe(first.id);
        expect(again.id).not.toBe(first.id);
        other.close();
    });

    it("has outputs in an account that nobody can own, and unknown ones before it is made", async () => {
        const inputs = { cidrBlock: "10.0.0.0/16" };
        const before = await account.make("aws:ec2/vpc:Vpc", "vpc", inputs, true);
        const after = await account.make("aws:ec2/vpc:Vpc", "vpc", inputs);

        expect(before).toMatchObject({ id: "", outputs: { arn: UNKNOWN, cidrBlock: "10.0.0.0/16" } });
        expect(after.outputs.arn).toBe(`arn:aws:ec2:eu-west-1:000000000000:vpc/${after.id}`);
    });

    it("keeps a name that was made up for it, and gives up its own before it is replaced", async () => {
        const role = await account.make("aws:iam/role:Role", "nodes", { assumeRolePolicy: '{"Statement":[]}' });
        expect(role.outputs.name).toMatch(/^nodes-[0-9a-f]{7}$/);
        expect(account.diff(role, { assumeRolePolicy: '{"Statement":[]}' })).toEqual({ differences: [] });

        const named = await account.make("aws:iam/role:Role", "own", {
            name: "own",
            assumeRolePolicy: '{"Statement":1}',
        });
        const moved = { name: "own", assumeRolePolicy: '{"Statement":1}', path: "/ml/" };
        expect(account.diff(named, moved)).toMatchObject({ replaces: [{ path: ["path"] }], deleteBeforeReplace: true });
    });

    it("is not made where what it names is not there", async () => {
        const subnet = account.make("aws:ec2/subnet:Subnet", "a", { vpcId: "vpc-1", cidrBlock: "10.0.0.0/24" });

        await expect(subnet).rejects.toThrow(/vpcId names vpc-1, which is not in the simulated account/);
    });

    it("leaves no secret in the account, and gets it back from the state", async () => {
        const { subnetIds } = await network(account);
        const group = await account.make("aws:rds/subnetGroup:SubnetGroup", "db", { subnetIds });
        const inputs: JsonObject = {
            instanceClass: "db.t4g.small",
            dbSubnetGroupName: text(group, "name"),
            password: "marker-of-a-secret",
        };
        const { inputs: checked } = account.check("aws:rds/instance:Instance", "db", inputs);
        const secrets = [["password"]];
        const about = { urn: "urn:db", type: "aws:rds/instance:Instance", name: "db" };
        const made = await account.simulator.create({
            ...about,
            inputs: { ...checked, secrets },
            timeoutSeconds: 0,
            preview: false,
        });
        const read = account.simulator.read({ ...about, id: made.id, inputs: checked, outputs: made.outputs });

        const written = files().map((file) => readFileSync(file, "utf8"));
        expect(written.join()).not.toContain("marker-of-a-secret");
        expect(read?.outputs.value.password).toBe("marker-of-a-secret");
    });
});

describe("refresh", () => {
    it("finds what somebody changed in the account, and what is gone", async () => {
        const inputs = { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true };
        const vpc = await account.make("aws:ec2/vpc:Vpc", "vpc", inputs);
        const [path = ""] = files();
        writeFileSync(
            path,
            readFileSync(path, "utf8").replace('"enableDnsHostnames": true', '"enableDnsHostnames": false'),
        );

        expect(account.read(vpc)).toMatchObject({
            inputs: { value: { enableDnsHostnames: false } },
            outputs: { value: { enableDnsHostnames: false } },
        });
        await account.remove(vpc);
        expect(account.read(vpc)).toBeUndefined();
    });

    it("finds nothing where nothing changed, in whatever order the engine keeps the properties", async () => {
        const { cluster: made, inputs } = await cluster(account);
        const reversed = Object.fromEntries(Object.entries(made.outputs).reverse());
        const vpcConfig = Object.fromEntries(Object.entries(made.outputs.vpcConfig as JsonObject).reverse());
        const read = account.read({ ...made, outputs: { ...reversed, vpcConfig } });

        expect(read?.inputs.value).toEqual(made.inputs);
        expect(account.diff(made, inputs)).toEqual({ differences: [] });
    });
});

describe("a change", () => {
    it("leaves what was invented as it was", async () => {
        const { cluster: made, inputs } = await cluster(account);
        const changed = await account.change(made, { ...inputs, enabledClusterLogTypes: ["audit"] });

        expect(changed.outputs).toEqual({ ...made.outputs, enabledClusterLogTypes: ["audit"] });
    });

    it("of what AWS cannot change replaces; of anything else it does not", async () => {
        const { role, subnetIds } = await cluster(account);
        const roleArn = text(role, "arn");
        const inputs = nodeGroupInputs(subnetIds, roleArn);
        const group = await account.make("aws:eks/nodeGroup:NodeGroup", "system", inputs);

        const replacing = (more: JsonObject) =>
            (account.diff(group, { ...inputs, ...more }).replaces ?? []).map(({ path }) => path[0]);
        expect(replacing({ labels: { a: "b" }, version: "1.35" })).toEqual([]);
        expect(replacing({ amiType: "BOTTLEROCKET_x86_64_NVIDIA" })).toEqual(["amiType"]);
        expect(replacing({ subnetIds: subnetIds.slice(1) })).toEqual(["subnetIds", "subnetIds"]);
    });

    it("of a cluster's version goes one minor up, and never down", async () => {
        const { cluster: made, inputs } = await cluster(account);

        await expect(account.change(made, { ...inputs, version: "1.37" })).rejects.toThrow(/from 1.35 to 1.37/);
        await expect(account.change(made, { ...inputs, version: "1.34" })).rejects.toThrow(/from 1.35 to 1.34/);
        expect((await account.change(made, { ...inputs, version: "1.36" })).outputs.version).toBe("1.36");
    });

    it("of a launch template makes its version unknown beforehand, and one more afterwards", async () => {
        const inputs = { name: "gpu", updateDefaultVersion: true };
        const template = await account.make("aws:ec2/launchTemplate:LaunchTemplate", "gpu", inputs);
        const news = { ...inputs, ebsOptimized: "true" };

        expect(template.outputs).toMatchObject({ latestVersion: 1, defaultVersion: 1 });
        expect((await account.change(template, news, true)).outputs.latestVersion).toBe(UNKNOWN);
        expect((await account.change(template, news)).outputs).toMatchObject({ latestVersion: 2, defaultVersion: 2 });
    });

    it("of nodes to a version above the cluster's is refused", async () => {
        const { role, subnetIds } = await cluster(account);
        const inputs = nodeGroupInputs(subnetIds, text(role, "arn"), { version: "1.36" });

        await expect(account.make("aws:eks/nodeGroup:NodeGroup", "system", inputs)).rejects.toThrow(
            /newer than the cluster/,
        );
    });
});

describe("deletion in a wrong order is refused:", () => {
    it("a VPC before its subnets", async () => {
        const { vpc, subnets } = await network(account);

        await expect(account.remove(vpc)).rejects.toThrow(/DependencyViolation: still used by Subnet/);
        for (const subnet of subnets) await account.remove(subnet);
        await account.remove(vpc);
    });

    it("a cluster before its node groups, subnets before both", async () => {
        const { cluster: made, role, subnetIds, subnets } = await cluster(account);
        const inputs = nodeGroupInputs(subnetIds, text(role, "arn"));
        const group = await account.make("aws:eks/nodeGroup:NodeGroup", "system", inputs);

        await expect(account.remove(made)).rejects.toThrow(/Cluster has nodegroups attached: ml:system/);
        await expect(account.remove(subnets[0]!)).rejects.toThrow(/Cluster ml, NodeGroup ml:system/);
        await account.remove(group);
        await expect(account.remove(subnets[0]!)).rejects.toThrow(/DependencyViolation: still used by Cluster ml/);
        await account.remove(made);
        await account.remove(subnets[0]!);
    });

    it("a security group that another one's rule or an endpoint names", async () => {
        const { vpc, subnetIds } = await network(account);
        const group = (name: string) => account.make("aws:ec2/securityGroup:SecurityGroup", name, { vpcId: vpc.id });
        const [own, other, guard] = [await group("own"), await group("other"), await group("guard")];
        await account.make("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", {
            securityGroupId: own.id,
            referencedSecurityGroupId: other.id,
            ipProtocol: "-1",
        });
        await account.make("aws:ec2/vpcEndpoint:VpcEndpoint", "sts", {
            vpcId: vpc.id,
            serviceName: "com.amazonaws.eu-west-1.sts",
            vpcEndpointType: "Interface",
            subnetIds,
            securityGroupIds: [guard.id],
        });

        await expect(account.remove(other)).rejects.toThrow(/still used by SecurityGroupIngressRule/);
        await expect(account.remove(guard)).rejects.toThrow(/still used by VpcEndpoint/);
        await account.remove(own);
    });

    it("a second range before the subnets in it; and they come after it", async () => {
        const { vpc } = await network(account);
        const pods = { vpcId: vpc.id, cidrBlock: "100.64.0.0/18" };
        const early = account.make("aws:ec2/subnet:Subnet", "pods", pods);
        await expect(early).rejects.toThrow(/InvalidSubnet.Range/);

        const type = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation";
        const range = await account.make(type, "pods", { vpcId: vpc.id, cidrBlock: "100.64.0.0/16" });
        const subnet = await account.make("aws:ec2/subnet:Subnet", "pods", pods);
        await expect(account.remove(range)).rejects.toThrow(/InvalidCidrBlock.InUse/);
        await account.remove(subnet);
        await account.remove(range);
    });

    it("a role with policies, and whatever is protected against it", async () => {
        const { cluster: made, inputs, role } = await cluster(account, { deletionProtection: true });
        await account.make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attached", {
            role: text(role, "name"),
            policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
        });

        await expect(account.remove(role)).rejects.toThrow(/still used by RolePolicyAttachment/);
        await expect(account.remove(made)).rejects.toThrow(/deletion protection/);
        await account.remove(await account.change(made, { ...inputs, deletionProtection: false }));
    });
});

describe("nodes of a node group", () => {
    it("are as many as it desires, spread over its zones, with its labels and taints and what the type has", async () => {
        const { role, subnetIds } = await cluster(account);
        const inputs = nodeGroupInputs(subnetIds, text(role, "arn"), {
            labels: { "mlp.dev/pool": "gpu" },
            taints: [{ key: "nvidia.com/gpu", value: "true", effect: "NO_SCHEDULE" }],
        });
        const group = await account.make("aws:eks/nodeGroup:NodeGroup", "system", inputs);
        const stored = account.store.find("aws:eks/nodeGroup:NodeGroup", group.id)!;
        const nodes = nodesOf(stored, account.store);

        const zones = nodes.map(({ object }) => (object as { metadata: { labels: JsonObject } }).metadata.labels);
        expect(zones.map((labels) => labels["topology.kubernetes.io/zone"])).toEqual([
            "eu-west-1a",
            "eu-west-1b",
            "eu-west-1a",
        ]);
        expect(new Set(nodes.map(({ name }) => name)).size).toBe(3);
        expect(nodes[0]).toMatchObject({
            object: {
                metadata: {
                    annotations: { "kwok.x-k8s.io/node": "fake" },
                    labels: { "mlp.dev/pool": "gpu", "node.kubernetes.io/instance-type": "g6.12xlarge" },
                },
                spec: { taints: [{ key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" }] },
            },
            status: { allocatable: { cpu: "48", memory: "192Gi", "nvidia.com/gpu": "4" } },
        });
    });
});

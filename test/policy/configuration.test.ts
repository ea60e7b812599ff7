import * as pulumi from "@pulumi/pulumi";

import { currentConfiguration, UNCONFIGURED } from "../../policies/configuration";
import { RULES } from "../../policies/rules";
import { ADMIN } from "./admins";
import { cluster } from "./fixtures/eks";
import { judged, judgedTogether, policies } from "./harness";
import { changed, fixture, linked } from "./resources";

const configure = (values: Record<string, unknown>) =>
    pulumi.runtime.setAllConfig(
        Object.fromEntries(Object.entries(values).map(([key, value]) => [`mlp:${key}`, JSON.stringify(value)])),
    );
afterEach(() => pulumi.runtime.setAllConfig({}));

const open = changed(cluster, "vpcConfig.endpointPrivateAccess", false);
const KEY = "aws:eks/cluster:Cluster::subject";
const waiving = (text: string, key = KEY) => ({ ...UNCONFIGURED, waivers: new Map([[key, text]]) });

describe("the stack's configuration", () => {
    it("lists the administrators of the cluster", () => {
        configure({ platform: { environment: "dev", cluster: { admins: [ADMIN] } } });
        expect(currentConfiguration().admins).toEqual([ADMIN]);
    });

    it.each([[{}], [{ platform: { cluster: { admins: "all" } } }], [{ platform: { cluster: 3 } }]])(
        "lists nobody in %j",
        (values) => {
            configure(values);
            expect(currentConfiguration()).toEqual(UNCONFIGURED);
        },
    );

    it.each([[["a"]], ["text"], [{ a: 1 }], [{}]])(
        "refuses waivers that are no mapping of texts: %j",
        (policyWaivers) => {
            configure({ policyWaivers });
            expect(currentConfiguration).toThrow(/^mlp:policyWaivers: not a mapping from <type>::<name>/);
        },
    );

    it("waives a rule for the resource that it names, for a reason and until a day", async () => {
        configure({ policyWaivers: { [KEY]: "eks-private-endpoint=moving house;expires=2027-01-31" } });
        const { violations } = await judged(open, "prod", { configuration: currentConfiguration() });
        expect(violations["eks-private-endpoint"]).toBeUndefined();
        expect(violations["waiver-used"]?.[0]).toContain("lets through vpcConfig.endpointPrivateAccess");
    });

    it.each([
        ["no reason", "eks-private-endpoint=;expires=2027-01-31"],
        ["a day that has passed", "eks-private-endpoint=moving house;expires=2026-11-23"],
        ["a rule that does not exist", "eks-everything=moving house;expires=2027-01-31"],
    ])("waives nothing with %s", async (_, text) => {
        const { violations } = await judged(open, "prod", { configuration: waiving(text) });
        expect(violations["eks-private-endpoint"]).toHaveLength(1);
        expect(violations["waiver-valid"]?.[0]).toContain(`mlp:policyWaivers["${KEY}"]: `);
    });

    it("waives nothing for another resource", async () => {
        const other = waiving("eks-private-endpoint=moving house;expires=2027-01-31", "aws:eks/cluster:Cluster::other");
        expect((await judged(open, "prod", { configuration: other })).violations["eks-private-endpoint"]).toHaveLength(
            1,
        );
    });

    it("waives a rule about neighbours", async () => {
        const vpc = linked(fixture("aws:ec2/vpc:Vpc", { id: "vpc-1" }), "subject");
        const waived = waiving("network-flow-logs=logged by its owner;expires=2027-01-31", "aws:ec2/vpc:Vpc::subject");
        expect((await judgedTogether([vpc])).violations["network-flow-logs"]).toHaveLength(1);
        expect((await judgedTogether([vpc], "prod", waived)).violations).toEqual({
            "waiver-count": [expect.stringContaining("1 waiver is open: network-flow-logs 1.")],
        });
    });
});

describe("the pack's configuration", () => {
    const group = fixture("aws:eks/nodeGroup:NodeGroup", {
        instanceTypes: ["g6e.xlarge"],
        scalingConfig: { maxSize: 12 },
    });

    it.each([
        ["dev", {}, true],
        ["dev", { maxGpuNodes: 12 }, false],
        ["prod", {}, false],
        ["prod", { maxGpuNodes: 11 }, true],
        ["prod", { maxGpuNodes: "many" }, false],
    ] as const)("changes a limit in %s with %j: found is %s", async (environment, config, found) => {
        const { violations } = await judged(group, environment, { config: { "node-group-size": config } });
        expect("node-group-size" in violations).toBe(found);
    });

    it("adds administrators to those of the stack", async () => {
        const role = "arn:aws:iam::111122223333:role/auditor";
        const association = fixture("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", {
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            principalArn: role,
            accessScope: { type: "cluster" },
        });
        const found = async (config: object) =>
            (await judged(association, "prod", { config: { "eks-listed-admins": config } })).violations;
        expect(Object.keys(await found({}))).toEqual(["eks-listed-admins"]);
        expect(await found({ principals: [role] })).toEqual({});
    });

    it("is described to Pulumi with the environment's defaults", () => {
        const schemas = policies("dev").flatMap(({ name, configSchema }) =>
            configSchema ? [[name, configSchema]] : [],
        );
        expect(Object.fromEntries(schemas)).toMatchObject({
            "node-group-size": { properties: { maxGpuNodes: { type: "integer", minimum: 0, default: 8 } } },
            "node-instance-class": { properties: { instanceClasses: { type: "array", items: { type: "string" } } } },
        });
        expect(schemas).toHaveLength(RULES.filter(({ settings }) => settings !== undefined).length);
    });
});

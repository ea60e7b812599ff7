import { Capacity, EksGpuClusterArgs, GpuAmi } from "../../../../components/cluster/eks/args";
import { cluster, pool } from "./cluster-args";
import { ofType, Recorded, recordCluster } from "./recorded";

const training = pool({
    name: "train",
    instanceTypes: ["p5.48xlarge"],
    capacity: Capacity.CapacityBlock,
    reservationId: "cr-0123456789abcdef0",
    zones: ["eu-west-1a"],
    efa: true,
});
const fixed = pool({ name: "serve", scaling: "fixed", min: 1, ami: GpuAmi.Bottlerocket, sharing: { timeSlices: 4 } });
const fabric = pool({
    name: "fabric",
    scaling: "fixed",
    instanceTypes: ["p5.4xlarge"],
    zones: ["eu-west-1b"],
    efa: true,
});
const reserved = pool({
    name: "kept",
    capacity: Capacity.Reserved,
    reservationId: "cr-fedcba9876543210f",
    zones: ["eu-west-1c"],
});

/** Every resource with its inputs, to compare. */
const byKey = ({ resources }: Recorded) =>
    new Map(resources.map(({ type, name, inputs }) => [`${type} ${name}`, JSON.stringify(inputs)]));

describe("adding a GPU pool", () => {
    const withPools = (gpuPools: EksGpuClusterArgs["gpuPools"]) => recordCluster(cluster({ gpuPools: gpuPools ?? [] }));

    it("makes the pool's own resources and changes no other", async () => {
        const before = byKey(await withPools([fixed]));
        const after = byKey(await withPools([fixed, training]));

        const changed = [...before].filter(([key, inputs]) => !key.startsWith("pulumi:") && after.get(key) !== inputs);
        expect(changed.map(([key]) => key)).toEqual([]);
        expect([...after.keys()].filter((key) => !before.has(key)).sort()).toEqual([
            "aws:ec2/launchTemplate:LaunchTemplate cluster-train",
            "aws:ec2/securityGroup:SecurityGroup cluster-train-efa",
            "aws:eks/nodeGroup:NodeGroup cluster-train",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule cluster-train-efa",
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule cluster-train-efa",
        ]);
    }, 60_000);
});

describe("node groups", () => {
    let recorded: Recorded;
    beforeAll(async () => {
        recorded = await recordCluster(cluster({ gpuPools: [training, fixed, fabric, reserved] }));
    }, 60_000);
    const template = (name: string) =>
        ofType(recorded.resources, "aws:ec2/launchTemplate:LaunchTemplate")[`cluster-${name}`]!;
    const group = (name: string) => ofType(recorded.resources, "aws:eks/nodeGroup:NodeGroup")[`cluster-${name}`]!;

    it("keep the metadata service from pods on every node", () => {
        for (const name of ["system", "train", "serve", "fabric", "kept"]) {
            expect(template(name).metadataOptions).toEqual({
                httpEndpoint: "enabled",
                httpTokens: "required",
                httpPutResponseHopLimit: 1,
            });
        }
    });

    it("tag instances as the cluster's, and interfaces so that the CNI may change them", () => {
        expect(template("serve").tagSpecifications).toEqual([
            expect.objectContaining({
                resourceType: "instance",
                tags: expect.objectContaining({ "kubernetes.io/cluster/ml": "owned", team: "platform" }) as object,
            }),
            expect.objectContaining({ resourceType: "volume" }),
            expect.objectContaining({
                resourceType: "network-interface",
                tags: expect.objectContaining({ "cluster.k8s.amazonaws.com/name": "ml" }) as object,
            }),
        ]);
    });

    it("repair and update themselves, and leave the number of GPU nodes to whoever scales", () => {
        for (const name of ["system", "train", "serve"]) {
            expect(group(name)).toMatchObject({
                version: "1.36",
                nodeRepairConfig: { enabled: true },
                updateConfig: { maxUnavailablePercentage: 33 },
            });
            expect(recorded.options.get(`aws:eks/nodeGroup:NodeGroup cluster-${name}`)?.ignoreChanges).toEqual(
                name === "system" ? [] : ["scalingConfig.desiredSize"],
            );
        }
    });

    it("end the old node first where a reservation has no room for a second", () => {
        const strategies = ["system", "serve", "kept", "train"].map((name) => group(name).updateConfig);
        expect(strategies).toMatchObject(
            ["DEFAULT", "DEFAULT", "MINIMAL", "MINIMAL"].map((updateStrategy) => ({ updateStrategy })),
        );
    });

    it("of GPUs are in their zones and keep away what asks for none", () => {
        expect(group("train").subnetIds).toEqual(["cluster-nodes-eu-west-1a-id"]);
        expect(group("train").taints).toEqual([{ key: "nvidia.com/gpu", value: "true", effect: "NO_SCHEDULE" }]);
        expect(group("train").labels).toMatchObject({ "mlp.dev/pool": "train" });
        expect(group("system").taints).toEqual([]);
    });

    it("take a capacity block by type, market and reservation in the template", () => {
        expect(group("train")).toMatchObject({ capacityType: "CAPACITY_BLOCK" });
        expect(group("train")).not.toHaveProperty("instanceTypes");
        expect(template("train")).toMatchObject({
            instanceType: "p5.48xlarge",
            instanceMarketOptions: { marketType: "capacity-block" },
            capacityReservationSpecification: {
                capacityReservationTarget: { capacityReservationId: "cr-0123456789abcdef0" },
            },
        });
    });

    it("take an on-demand reservation by its id alone", () => {
        expect(group("kept")).toMatchObject({ capacityType: "ON_DEMAND", instanceTypes: ["g6.2xlarge"] });
        expect(template("kept")).not.toHaveProperty("instanceMarketOptions");
        expect(template("kept")).toMatchObject({
            capacityReservationSpecification: {
                capacityReservationTarget: { capacityReservationId: "cr-fedcba9876543210f" },
            },
        });
    });

    it("with EFA list every interface with the cluster's group and the fabric's", () => {
        const interfaces = template("train").networkInterfaces as { interfaceType: string; securityGroups: string[] }[];
        expect(interfaces).toHaveLength(33);
        expect(interfaces.filter(({ interfaceType }) => interfaceType === "efa-only")).toHaveLength(32);
        for (const { securityGroups } of interfaces) {
            expect(securityGroups).toEqual(["sg-0123456789abcdef0", "cluster-train-efa-id"]);
        }
        expect(template("serve")).not.toHaveProperty("networkInterfaces");
    });

    it("with EFA stand close together where no reservation says where", () => {
        expect(Object.keys(ofType(recorded.resources, "aws:ec2/placementGroup:PlacementGroup"))).toEqual([
            "cluster-fabric-efa",
        ]);
        expect(template("fabric").placement).toEqual({ groupName: "cluster-fabric-efa-auto" });
    });

    it("of Bottlerocket carry images on the second disk and settings in TOML", () => {
        expect(template("serve").blockDeviceMappings).toEqual([
            expect.objectContaining({
                deviceName: "/dev/xvda",
                ebs: expect.not.objectContaining({ volumeSize: 200 }) as object,
            }),
            expect.objectContaining({
                deviceName: "/dev/xvdb",
                ebs: expect.objectContaining({ volumeSize: 200 }) as object,
            }),
        ]);
        const settings = Buffer.from(template("serve").userData as string, "base64").toString();
        expect(settings).toContain('device-sharing-strategy = "time-slicing"');
        expect(settings).toContain("replicas = 4");
    });
});

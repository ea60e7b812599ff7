import * as fc from "fast-check";

import * as generated from "../../../components/autoscaling/crds.json";
import { nodeClassOf, nodeClassRef, nodePoolOf, resolveKarpenter } from "../../../components/autoscaling";
import { ElasticCapacity, ElasticPool } from "../../../components/contracts";
import { InvalidConfiguration } from "../../../components/problems";
import { structuralProblems } from "../../support/crd-schema";

const pool: ElasticPool = {
    name: "tune",
    instanceTypes: ["g6e.xlarge", "g6.2xlarge"],
    capacity: "spot",
    zones: ["eu-west-1a", "eu-west-1b"],
    max: 4,
    gpusPerNode: 1,
    architecture: "amd64",
    amiAlias: "al2023@v20261101",
    diskGiB: 200,
    efa: false,
    labels: { "mlp.dev/pool": "tune", "nvidia.com/gpu.present": "true" },
    taints: [{ key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" }],
};

const capacity: ElasticCapacity = {
    clusterName: "dev",
    region: "eu-west-1",
    endpoint: "https://dev.eks.example.org",
    nodeRoleName: "dev-node",
    nodeRoleArn: "arn:aws:iam::111122223333:role/dev-node",
    subnets: { "eu-west-1a": "subnet-0a", "eu-west-1b": "subnet-0b", "eu-west-1c": "subnet-0c" },
    securityGroupIds: ["sg-0a"],
    kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1",
    pools: [pool],
    tags: { team: "ml" },
};

interface PoolObject {
    apiVersion: string;
    kind: string;
    metadata: { name: string };
    spec: {
        limits: Record<string, string>;
        disruption: object;
        template: {
            metadata: { labels: Record<string, string> };
            spec: {
                nodeClassRef: object;
                taints: object[];
                expireAfter: string;
                terminationGracePeriod: string;
                requirements: { key: string; values: string[] }[];
            };
        };
    };
}

interface ClassObject {
    apiVersion: string;
    kind: string;
    spec: Record<string, unknown>;
}

const poolObject = (of: ElasticPool) => nodePoolOf(of, nodeClassRef(of)) as unknown as PoolObject;
const classObject = (of: ElasticPool, placementGroup?: string) =>
    nodeClassOf(of, capacity, {
        instanceProfile: "nodes",
        ...(placementGroup !== undefined && { placementGroup }),
    }) as unknown as ClassObject;

const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);
const pools: fc.Arbitrary<ElasticPool> = fc
    .record({
        name: names,
        capacity: fc.constantFrom("on-demand", "spot", "reserved"),
        zones: fc.uniqueArray(fc.constantFrom(...Object.keys(capacity.subnets)), { minLength: 1 }),
        max: fc.integer({ min: 1, max: 450 }),
        gpusPerNode: fc.constantFrom(1, 2, 4, 8),
        timeSlices: fc.integer({ min: 1, max: 48 }),
        architecture: fc.constantFrom("amd64", "arm64"),
        amiAlias: fc.constantFrom("al2023@v20261101", "bottlerocket@v1.50.0"),
        diskGiB: fc.integer({ min: 20, max: 9999 }),
        label: names,
        taints: fc.array(
            fc.record({
                key: names,
                value: fc.oneof(fc.constant(""), names),
                effect: fc.constantFrom("NoSchedule", "PreferNoSchedule", "NoExecute"),
            }),
            { maxLength: 3 },
        ),
    })
    .map(({ label, ...some }) => ({
        ...pool,
        ...some,
        labels: { ...pool.labels, [`example.org/${label}`]: label },
        ...(some.capacity === "reserved" && { reservationId: "cr-0123456789abcdef0" }),
    }));

describe("a NodePool", () => {
    it("adds nodes of the pool's types, capacity and zones, and takes away only empty ones", () => {
        const { spec } = poolObject(pool);
        expect(Object.fromEntries(spec.template.spec.requirements.map(({ key, values }) => [key, values]))).toEqual({
            "node.kubernetes.io/instance-type": ["g6e.xlarge", "g6.2xlarge"],
            "karpenter.sh/capacity-type": ["spot"],
            "topology.kubernetes.io/zone": ["eu-west-1a", "eu-west-1b"],
            "kubernetes.io/arch": ["amd64"],
            "kubernetes.io/os": ["linux"],
        });
        expect(spec.disruption).toMatchObject({ consolidationPolicy: "WhenEmpty", consolidateAfter: "10m" });
        expect(spec.template.spec).toMatchObject({ expireAfter: "336h", terminationGracePeriod: "24h" });
        expect(spec.template.spec.taints).toEqual(pool.taints);
    });

    it("is the same for another provider's class of nodes", () => {
        const simulated = { group: "karpenter.kwok.sh", kind: "KWOKNodeClass", name: "default" };
        const { spec } = nodePoolOf(pool, simulated) as unknown as PoolObject;
        expect(spec.template.spec.nodeClassRef).toEqual(simulated);
        spec.template.spec.nodeClassRef = nodeClassRef(pool);
        expect(spec).toEqual(poolObject(pool).spec);
    });

    it("holds the pool's nodes and their GPUs as they are shared, and carries all of its labels", () => {
        fc.assert(
            fc.property(pools, (any) => {
                const { spec } = poolObject(any);
                expect(Number(spec.limits.nodes)).toBe(any.max);
                expect(Number(spec.limits["nvidia.com/gpu"])).toBe(any.max * any.gpusPerNode * (any.timeSlices ?? 1));
                expect(spec.template.metadata.labels).toEqual(any.labels);
            }),
        );
    });

    it("and its class have the shape of Karpenter's schemas, whatever the pool", () => {
        fc.assert(
            fc.property(pools, (any) => {
                expect(structuralProblems(generated.crds, poolObject(any))).toEqual([]);
                expect(structuralProblems(generated.crds, classObject(any, "group"))).toEqual([]);
            }),
        );
    });

    it("leaves out the value of a taint that has none", () => {
        const { spec } = poolObject({ ...pool, taints: [{ key: "example.org/team", value: "", effect: "NoExecute" }] });
        expect(spec.template.spec.taints).toEqual([{ key: "example.org/team", effect: "NoExecute" }]);
    });

    it("would be told apart from one of a wrong shape", () => {
        const wrong = { ...poolObject(pool), spec: { limit: {}, disruption: { consolidateAfter: "soon" } } };
        expect(structuralProblems(generated.crds, wrong)).toEqual([
            "NodePool.spec.template: missing",
            "NodePool.spec.limit: unknown",
            "NodePool.spec.disruption.consolidateAfter: soon is not ^(([0-9]+(s|m|h))+|Never)$",
        ]);
    });
});

describe("an EC2NodeClass", () => {
    it("starts nodes in the pool's zones, on encrypted disks, with metadata for the node alone", () => {
        expect(classObject(pool).spec).toEqual({
            instanceProfile: "nodes",
            amiSelectorTerms: [{ alias: "al2023@v20261101" }],
            subnetSelectorTerms: [{ id: "subnet-0a" }, { id: "subnet-0b" }],
            securityGroupSelectorTerms: [{ id: "sg-0a" }],
            associatePublicIPAddress: false,
            metadataOptions: {
                httpEndpoint: "enabled",
                httpProtocolIPv6: "disabled",
                httpPutResponseHopLimit: 1,
                httpTokens: "required",
            },
            blockDeviceMappings: [
                {
                    deviceName: "/dev/xvda",
                    ebs: {
                        volumeSize: "200Gi",
                        volumeType: "gp3",
                        encrypted: true,
                        kmsKeyID: capacity.kmsKeyArn,
                        deleteOnTermination: true,
                    },
                },
            ],
            instanceStorePolicy: "RAID0",
            tags: { team: "ml", Name: "dev-tune", "mlp.dev/pool": "tune" },
        });
    });

    it("gives Bottlerocket a disk for itself and one for data", () => {
        const { blockDeviceMappings } = classObject({ ...pool, amiAlias: "bottlerocket@v1.50.0" }).spec;
        expect(blockDeviceMappings).toMatchObject([
            { deviceName: "/dev/xvda", ebs: { volumeSize: "4Gi", encrypted: true } },
            { deviceName: "/dev/xvdb", ebs: { volumeSize: "200Gi", encrypted: true } },
        ]);
    });

    it("has the nodes take as many pods as the pool says, and else as Karpenter reckons", () => {
        expect(classObject({ ...pool, maxPods: 110 }).spec).toMatchObject({ kubelet: { maxPods: 110 } });
        expect(classObject(pool).spec).not.toHaveProperty("kubelet");
    });

    it("names the reservation, the placement group and the user data of a pool that has them", () => {
        const reserved = { ...pool, capacity: "reserved", reservationId: "cr-0123456789abcdef0", userData: "settings" };
        expect(classObject(reserved, "close").spec).toMatchObject({
            capacityReservationSelectorTerms: [{ id: "cr-0123456789abcdef0" }],
            placementGroupSelector: { name: "close" },
            userData: "settings",
        });
    });
});

describe("resolveKarpenter", () => {
    const images = { references: { karpenter: "karpenter:1" } };
    const resolve = (some: Partial<ElasticPool>, more: object = {}) =>
        resolveKarpenter({ capacity: { ...capacity, pools: [{ ...pool, ...some }] }, images, ...more }, "karpenter");

    it("fills in two replicas and ten minutes", () => {
        expect(resolve({})).toMatchObject({ image: "karpenter:1", replicas: 2, isolated: false });
        expect(resolve({}).lifetime.emptyFor).toBe("10m");
    });

    it.each<[string, Partial<ElasticPool>, string]>([
        ["no types", { instanceTypes: [] }, "instanceTypes"],
        ["an unknown capacity", { capacity: "capacity-block" }, "capacity"],
        ["reserved capacity without a reservation", { capacity: "reserved" }, "reservationId"],
        ["a reservation for spot", { reservationId: "cr-0123456789abcdef0" }, "reservationId"],
        ["a zone without a subnet", { zones: ["eu-west-1d"] }, "zones"],
        ["no zone", { zones: [] }, "zones"],
        ["EFA over two zones", { efa: true }, "zones"],
        ["no nodes", { max: 0 }, "max"],
        ["half a GPU", { gpusPerNode: 0.5 }, "gpusPerNode"],
        ["an unknown architecture", { architecture: "x86" }, "architecture"],
        ["an image without a version", { amiAlias: "al2023@latest" }, "amiAlias"],
        ["no disk", { diskGiB: 0 }, "diskGiB"],
        ["a slice of nothing", { timeSlices: 0 }, "timeSlices"],
    ])("refuses %s", (_, some, field) => {
        expect(() => resolve(some)).toThrow(`karpenter.capacity.pools[0].${field}:`);
    });

    it("names everything that is wrong at once", () => {
        const two = { capacity: { ...capacity, pools: [pool, { ...pool, max: 0 }] }, images: { references: {} } };
        const broken = () => resolveKarpenter({ ...two, replicas: 0, emptyFor: "soon" }, "karpenter");
        expect(broken).toThrow(InvalidConfiguration);
        for (const path of [
            "pools[1].name",
            "pools[1].max",
            "karpenter.images",
            "karpenter.replicas",
            "karpenter.emptyFor",
        ]) {
            expect(broken).toThrow(path);
        }
    });

    it("accepts any valid pool", () => {
        fc.assert(
            fc.property(pools, (any) => {
                expect(() => resolve(any)).not.toThrow();
            }),
        );
    });
});

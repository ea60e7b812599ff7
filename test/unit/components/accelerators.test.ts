import * as k8s from "@pulumi/kubernetes";
import * as fc from "fast-check";

import { GpuStack, NvidiaGpus, resolveNvidiaGpus } from "../../../components/accelerators";
import { GpuPool } from "../../../components/contracts";
import { InvalidConfiguration } from "../../../components/problems";
import { record, Registered } from "../../support/mocks";
import { policyFindings } from "../../support/policy-findings";

const images = {
    references: {
        "nvidia-device-plugin": "nvcr.io/nvidia/k8s-device-plugin:v0.20.0",
        "dcgm-exporter": "nvcr.io/nvidia/k8s/dcgm-exporter:4",
        "efa-device-plugin": "public.ecr.aws/eks/aws-efa-k8s-device-plugin:v0",
    },
};

const pool = (name: string, some: Partial<GpuPool> = {}): GpuPool => ({
    name,
    resource: "nvidia.com/gpu",
    gpusPerNode: 1,
    maxNodes: 4,
    nodeLabels: { "mlp.dev/pool": name },
    ...some,
});

const shared = pool("tune", { timeSlices: 4 });
const partitioned = pool("serve", { migProfile: "1g.10gb", resource: "nvidia.com/mig-1g.10gb" });
const close = pool("train", { gpusPerNode: 8, efaInterfaces: 32 });
const bottlerocket = pool("batch", { builtInDevicePlugin: true });

interface DaemonSet {
    readonly spec: {
        readonly template: {
            readonly spec: {
                readonly nodeSelector: Record<string, string>;
                readonly hostNetwork?: boolean;
                readonly automountServiceAccountToken: boolean;
                readonly containers: readonly { readonly securityContext: Record<string, unknown> }[];
                readonly volumes: readonly { readonly name: string; readonly configMap?: { name: string } }[];
            };
        };
    };
}

let resources: Registered[];
const ofType = (type: string) => resources.filter((each) => each.type === type);
const daemonSet = (name: string) => {
    const found = ofType("kubernetes:apps/v1:DaemonSet").find((each) => each.name === name);
    if (found === undefined) throw new Error(`no DaemonSet ${name}`);
    return (found.inputs as unknown as DaemonSet).spec.template.spec;
};
const configurationOf = (name: string) => {
    const found = ofType("kubernetes:core/v1:ConfigMap").find((each) => each.name === name);
    return JSON.parse((found?.inputs.data as Record<string, string>)["config.yaml"] ?? "") as Record<string, unknown>;
};

beforeAll(async () => {
    resources = await record(() => {
        const provider = new k8s.Provider("cluster", { kubeconfig: "kubeconfig" });
        const pools = [shared, partitioned, close, bottlerocket];
        new NvidiaGpus("nvidia", { images, pools, kubernetesVersion: "1.36" }, { provider });
    });
});

describe("NvidiaGpus", () => {
    it("puts a device plugin on every pool without one, DCGM on every GPU node, EFA's plugin where there are adapters", () => {
        const selectors = ofType("kubernetes:apps/v1:DaemonSet").map(({ name }) => [
            name,
            daemonSet(name).nodeSelector,
        ]);
        const gpu = { "nvidia.com/gpu.present": "true" };
        expect(Object.fromEntries(selectors)).toEqual({
            "nvidia-tune": { "mlp.dev/pool": "tune", ...gpu },
            "nvidia-serve": { "mlp.dev/pool": "serve", ...gpu },
            "nvidia-train": { "mlp.dev/pool": "train", ...gpu },
            "nvidia-exporter": gpu,
            "nvidia-efa": { "vpc.amazonaws.com/efa.present": "true" },
        });
    });

    it("shares GPUs by time or by partition, as the pool says", () => {
        expect(configurationOf("nvidia-tune")).toMatchObject({
            flags: { migStrategy: "none" },
            sharing: {
                timeSlicing: { failRequestsGreaterThanOne: true, resources: [{ name: "nvidia.com/gpu", replicas: 4 }] },
            },
        });
        expect(configurationOf("nvidia-serve")).toMatchObject({ version: "v1", flags: { migStrategy: "mixed" } });
        expect(configurationOf("nvidia-serve")).not.toHaveProperty("sharing");
        expect(configurationOf("nvidia-train")).not.toHaveProperty("sharing");
    });

    it("replaces a plugin's pods when its configuration changes, for the file then has another name", () => {
        const file = daemonSet("nvidia-tune").volumes.find(({ name }) => name === "configuration");
        expect(file?.configMap?.name).toBe("nvidia-tune-auto");
    });

    it("takes all rights but those that each agent needs", () => {
        const strict = {
            runAsUser: 0,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        };
        const securityOf = (name: string) => daemonSet(name).containers[0]!.securityContext;
        for (const name of ["nvidia-tune", "nvidia-train", "nvidia-exporter"]) expect(securityOf(name)).toEqual(strict);
        expect(securityOf("nvidia-serve")).toEqual({ ...strict, capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } });
        expect(securityOf("nvidia-efa")).toMatchObject({ privileged: true });
        for (const { name } of ofType("kubernetes:apps/v1:DaemonSet")) {
            expect(daemonSet(name).automountServiceAccountToken).toBe(false);
            expect(daemonSet(name).hostNetwork ?? false).toBe(name === "nvidia-efa");
        }
    });

    it("lets only the exporter's metrics onto the network", () => {
        const policies = ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy").map(({ inputs }) => inputs.spec);
        expect(policies).toEqual([
            { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
            expect.objectContaining({
                policyTypes: ["Ingress"],
                ingress: [{ ports: [{ port: 9400, protocol: "TCP" }] }],
            }),
        ]);
    });

    it("measures nothing that needs more rights", () => {
        const counters = ofType("kubernetes:core/v1:ConfigMap").find(({ name }) => name === "nvidia-exporter");
        const rows = (counters?.inputs.data as Record<string, string>)["counters.csv"]!.trimEnd().split("\n");
        expect(rows.length).toBeGreaterThan(10);
        for (const row of rows) expect(row).toMatch(/^DCGM_FI_(DEV|DRIVER)_\w+, (gauge|counter|label), [^,]+$/);
    });

    it("breaks no rule of the policy pack without a reason, but for digests, which only a registry can give", () => {
        expect(policyFindings(resources).filter((text) => !text.startsWith("pod-image-digest "))).toEqual([]);
    });
});

describe("resolveNvidiaGpus", () => {
    const resolve = (pools: GpuPool[], gpuStack?: GpuStack, kubernetesVersion = "1.36") =>
        resolveNvidiaGpus({ images, pools, kubernetesVersion, ...(gpuStack && { gpuStack }) }, "gpus");

    it("leaves nodes alone that bring a device plugin", () => {
        expect(resolve([bottlerocket]).plugins).toEqual([]);
        expect(resolve([bottlerocket], GpuStack.None).plugins).toEqual([]);
    });

    it("offers MIG devices as whole GPUs where the pool calls them so", () => {
        const [plugin] = resolve([pool("a", { migProfile: "1g.10gb" })]).plugins;
        expect(plugin).toMatchObject({ migStrategy: "single" });
    });

    it("needs no image of what it does not install", () => {
        const few = { references: { "dcgm-exporter": "dcgm:1" } };
        expect(resolveNvidiaGpus({ images: few, pools: [bottlerocket], kubernetesVersion: "1.36" }, "gpus").efa).toBe(
            false,
        );
        expect(() => resolveNvidiaGpus({ images: few, pools: [close], kubernetesVersion: "1.36" }, "gpus")).toThrow(
            /gpus\.images: "nvidia-device-plugin"[^]*gpus\.images: "efa-device-plugin"/,
        );
    });

    it.each<[string, GpuPool[], GpuStack | undefined, string]>([
        ["two device plugins on one node", [bottlerocket], GpuStack.DevicePlugin, "gpus.pools[0].builtInDevicePlugin"],
        ["nobody to offer the GPUs", [close], GpuStack.None, "gpus.pools[0]:"],
        ["DRA, which is not built yet", [close], GpuStack.Dra, "does not install NVIDIA's DRA driver yet"],
        ["DRA beside a device plugin", [bottlerocket], GpuStack.Dra, "gpus.pools[0].builtInDevicePlugin"],
        ["an unknown stack", [close], "operator" as GpuStack, "gpus.gpuStack"],
        ["a name twice", [close, { ...close, nodeLabels: { a: "b" } }], undefined, "gpus.pools[1].name"],
        [
            "a pool that every node belongs to, beside another",
            [close, pool("a", { nodeLabels: {} })],
            undefined,
            "pools[1].nodeLabels",
        ],
        ["slices and partitions at once", [{ ...partitioned, timeSlices: 2 }], undefined, "gpus.pools[0].timeSlices"],
        ["half a slice", [pool("a", { timeSlices: 1.5 })], undefined, "gpus.pools[0].timeSlices"],
        [
            "a resource that nobody offers",
            [pool("a", { resource: "amd.com/gpu" })],
            undefined,
            "gpus.pools[0].resource",
        ],
        ["a negative number of adapters", [pool("a", { efaInterfaces: -1 })], undefined, "gpus.pools[0].efaInterfaces"],
    ])("refuses %s", (_, pools, stack, text) => {
        expect(() => resolve(pools, stack)).toThrow(InvalidConfiguration);
        expect(() => resolve(pools, stack)).toThrow(text);
    });

    it("refuses DRA before Kubernetes 1.34 for that reason too", () => {
        expect(() => resolve([close], GpuStack.Dra, "1.33")).toThrow("gpus.kubernetesVersion");
        expect(() => resolve([close], GpuStack.Dra)).not.toThrow("gpus.kubernetesVersion");
    });

    it("gives every pool exactly one plugin, its nodes' own or ours", () => {
        const pools = fc.uniqueArray(
            fc.record({ name: fc.stringMatching(/^[a-z]{1,8}$/), builtInDevicePlugin: fc.boolean() }),
            { selector: ({ name }) => name, maxLength: 8 },
        );
        fc.assert(
            fc.property(pools, (wanted) => {
                const all = wanted.map(({ name, builtInDevicePlugin }) => pool(name, { builtInDevicePlugin }));
                const ours = resolve(all).plugins.map((plugin) => plugin.pool);
                const own = all.filter(({ builtInDevicePlugin }) => builtInDevicePlugin).map(({ name }) => name);
                expect([...ours, ...own].sort()).toEqual(all.map(({ name }) => name).sort());
            }),
        );
    });
});

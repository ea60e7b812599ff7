import { dirname } from "node:path";

import { nodePoolOf } from "../../../components/autoscaling";
import { ElasticPool } from "../../../components/contracts";
import { bootstrap } from "../../../toolchain/bootstrap";
import { silentProgress } from "../../../toolchain/progress";
import { SimulatedControlPlane } from "../../support/control-plane";
import { definitionsBeside, Karpenter, kwokInstanceTypes } from "../../support/karpenter";
import { eventually } from "../../support/local-platform";

interface Named {
    readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
}
interface Node extends Named {
    readonly spec: { readonly taints?: readonly { readonly key: string; readonly value?: string }[] };
    readonly status: { readonly allocatable: Record<string, string> };
}
interface List<T> {
    readonly items: readonly T[];
}

const GPU_TAINT = { key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" };
const ZONES = ["eu-west-1a", "eu-west-1b"];

const POOL: ElasticPool = {
    name: "tune",
    instanceTypes: ["g6e.xlarge", "g6.2xlarge"],
    capacity: "spot",
    zones: ZONES,
    max: 4,
    gpusPerNode: 1,
    architecture: "amd64",
    amiAlias: "al2023@v20261101",
    diskGiB: 200,
    efa: false,
    labels: { "mlp.dev/gpu-pool": "tune" },
    taints: [GPU_TAINT],
};

const nodeClass = { apiVersion: "karpenter.kwok.sh/v1alpha1", kind: "KWOKNodeClass", metadata: { name: "simulated" } };
/** The pool as it goes to EKS, but for its class of nodes and for how long an empty node is kept. */
const nodePool = nodePoolOf(
    POOL,
    { group: "karpenter.kwok.sh", kind: nodeClass.kind, name: nodeClass.metadata.name },
    { emptyFor: "5s", expireAfter: "336h", terminationGracePeriod: "24h" },
);

const job = (name: string, gpus: number) => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: "default" },
    spec: {
        backoffLimit: 0,
        template: {
            spec: {
                restartPolicy: "Never",
                tolerations: [{ key: GPU_TAINT.key, operator: "Exists" }],
                containers: [{ name: "train", image: "none", resources: { limits: { "nvidia.com/gpu": gpus } } }],
            },
        },
    },
});

describe("Karpenter with its own kwok provider on a real control plane", () => {
    jest.setTimeout(180_000);
    let cluster: SimulatedControlPlane;
    let karpenter: Karpenter;
    beforeAll(async () => {
        cluster = await SimulatedControlPlane.start();
        const { binaries } = await bootstrap({ progress: silentProgress, only: ["karpenter-kwok"] });
        const program = binaries["karpenter-kwok"];
        const files = definitionsBeside(program).flatMap((file) => ["--filename", file]);
        const made = cluster.kubectl.run(["create", ...files]);
        if (made.code !== 0) throw new Error(`${dirname(program)}: ${made.output}`);
        cluster.kubectl.run(["wait", "--for=condition=Established", "crd", "--all"]);
        const types = kwokInstanceTypes(["g6e.xlarge", "g6.2xlarge", "g6.12xlarge"], ZONES);
        karpenter = await Karpenter.start(program, cluster.kubeconfig, types);
        cluster.kubectl.apply(nodeClass, nodePool);
    });
    afterAll(async () => {
        await karpenter?.stop();
        await cluster?.stop();
    });

    const nodes = () => cluster.kubectl.get<List<Node>>("nodes").items;
    const claims = () => cluster.kubectl.get<List<Named>>("nodeclaims").items;
    const jobOf = (name: string) => cluster.kubectl.get<{ status: { succeeded?: number } }>("job", name);

    it("adds the cheapest node of the pool for a pending GPU job, which runs there and completes", async () => {
        expect(nodes()).toEqual([]);
        cluster.kubectl.apply(job("train", 1));
        const [node] = await eventually("a node", () => (nodes().length > 0 ? nodes() : undefined));
        const [claim] = claims();
        expect(claim?.metadata.labels["karpenter.sh/nodepool"]).toBe("tune");
        expect(node?.metadata.labels).toMatchObject({
            "mlp.dev/gpu-pool": "tune",
            "node.kubernetes.io/instance-type": "g6.2xlarge",
            "karpenter.sh/capacity-type": "spot",
        });
        expect(node?.status.allocatable["nvidia.com/gpu"]).toBe("1");

        await eventually("the job's end", () => jobOf("train").status.succeeded);
        const { items } = cluster.kubectl.get<List<{ spec: { nodeName?: string } }>>("pods", "-l", "job-name=train");
        expect(items.map(({ spec }) => spec.nodeName)).toEqual([node?.metadata.name]);
    });

    it("takes the node away again once it is empty", async () => {
        await eventually("no node", () => (nodes().length === 0 && claims().length === 0 ? true : undefined), 120);
    });

    it("adds nothing for a job that no type of the pool can hold", async () => {
        cluster.kubectl.apply(job("too-large", 8));
        const events = () => cluster.kubectl.run(["get", "events", "--field-selector=reason=FailedScheduling"]).stdout;
        await eventually("Karpenter's refusal", () => /nodepool.*tune/i.test(events()) || undefined);
        expect(nodes()).toEqual([]);
        expect(jobOf("too-large").status.succeeded).toBeUndefined();
    });
});

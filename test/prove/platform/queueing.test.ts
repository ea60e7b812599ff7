import { GpuPool } from "../../../components/contracts";
import { impossibleJobs } from "../../../components/queueing/guard";
import { clusterQueueOf, flavorOf, LOCAL_QUEUE, localQueueOf } from "../../../components/queueing/objects";
import { teamGroups } from "../../../components/queueing/quota";
import { resolveTeamQueue } from "../../../components/queueing/resolve";
import { eventually, LocalPlatform } from "../../support/local-platform";
import { Kwok, kwokNode } from "../../support/kwok";
import { SCRATCH, tenantContainer } from "../../support/tenant-pod";

/** The teams of the local stack: two GPUs each of a pool of four, and two that either may borrow. */
const [A, B] = ["team-vision", "team-language"] as const;
const GPU = "nvidia.com/gpu";

interface Condition {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
}
interface Named {
    readonly metadata: { readonly name: string; readonly ownerReferences?: readonly { readonly name: string }[] };
}
interface Workload extends Named {
    readonly spec: { readonly priority?: number };
    readonly status?: { readonly conditions?: readonly Condition[] };
}
interface Pod extends Named {
    readonly spec: { readonly nodeName?: string; readonly schedulingGates?: readonly object[] };
    readonly status: { readonly phase: string; readonly startTime?: string };
}
interface Job extends Named {
    readonly spec: { readonly suspend?: boolean };
    readonly status: { readonly active?: number; readonly succeeded?: number };
}
interface List<T> {
    readonly items: readonly T[];
}

const asking = (gpus: number) => ({
    requests: { cpu: "10m", memory: "16Mi", [GPU]: `${gpus}` },
    limits: { memory: "64Mi", [GPU]: `${gpus}` },
});

const podOf = (gpus: number, script: string) => ({
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 1,
    containers: [{ name: "main", ...tenantContainer(["sh", "-c", script], { resources: asking(gpus) }) }],
    volumes: SCRATCH,
});

/** A job of `pods` pods that work at the same time. */
const jobOf = (namespace: string, name: string, pods: number, gpus: number, script: string, more: object = {}) => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace, ...more },
    spec: {
        parallelism: pods,
        completions: pods,
        backoffLimit: 0,
        podReplacementPolicy: "Failed",
        // What is preempted counts for nothing.
        podFailurePolicy: {
            rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
        },
        template: { spec: podOf(gpus, script) },
    },
});

const trainJobOf = (namespace: string, name: string, nodes: number, gpus: number, script: string) => ({
    apiVersion: "trainer.kubeflow.org/v1alpha1",
    kind: "TrainJob",
    metadata: { name, namespace },
    spec: {
        runtimeRef: { name: "plain" },
        trainer: { numNodes: nodes, command: ["sh", "-c", script], resourcesPerNode: asking(gpus) },
    },
});

/** Until it is told to end: its team's other jobs say so by a file that nobody can write, so by being deleted. */
const FOREVER = "trap 'exit 143' TERM; while true; do sleep 0.2; done";

describe("queues of teams", () => {
    jest.setTimeout(300_000);
    let platform: LocalPlatform;
    beforeAll(async () => {
        platform = await LocalPlatform.find();
    });
    afterEach(() => {
        for (const namespace of [A, B]) {
            platform.kubectl(["delete", "trainjobs,jobs,pods", "--all", "-n", namespace, "--timeout=90s"]);
        }
    });

    const create = (object: object) => platform.kubectl(["create", "--filename=-"], JSON.stringify(object));
    const created = (object: object): void => {
        const { code, output } = create(object);
        if (code !== 0) throw new Error(output);
    };
    const job = (namespace: string, name: string) => platform.get<Job>("job", name, "-n", namespace);
    const pods = (namespace: string, selector: string) =>
        platform.get<List<Pod>>("pods", "-n", namespace, "-l", selector).items;
    const running = (namespace: string, name: string) =>
        pods(namespace, `job-name=${name}`).filter(({ status }) => status.phase === "Running").length;
    const workload = (namespace: string, owner: string): Workload | undefined =>
        platform
            .get<List<Workload>>("workloads.kueue.x-k8s.io", "-n", namespace)
            .items.find(({ metadata }) => (metadata.ownerReferences ?? []).some(({ name }) => name === owner));
    const condition = (namespace: string, owner: string, type: string) =>
        workload(namespace, owner)?.status?.conditions?.find((one) => one.type === type);
    const isTrue = (found: Condition | undefined) => (found?.status === "True" ? found : undefined);

    it("lend idle GPUs and take them back: what is preempted waits and finishes", async () => {
        // Each of A's jobs can work on two GPUs for a while; the second borrows B's.
        created(jobOf(A, "own", 1, 2, "sleep 20"));
        created(jobOf(A, "borrowed", 1, 2, "sleep 20"));
        await eventually("A has four GPUs", () =>
            running(A, "own") + running(A, "borrowed") === 2 ? true : undefined,
        );

        created(jobOf(B, "reclaims", 1, 2, "sleep 3"));
        const evicted = await eventually("A gives two back", () =>
            ["own", "borrowed"].find((name) => isTrue(condition(A, name, "Preempted")) !== undefined),
        );
        expect(condition(A, evicted, "Preempted")).toMatchObject({ reason: "InCohortReclamation" });
        await eventually("B trains on its own", () => running(B, "reclaims") || job(B, "reclaims").status.succeeded);
        expect(job(A, evicted).spec.suspend).toBe(true);

        await eventually("B ends", () => job(B, "reclaims").status.succeeded);
        for (const name of ["own", "borrowed"]) {
            await eventually(`A's ${name} ends`, () => job(A, name).status.succeeded);
        }
    });

    it("start a gang with all of its pods or with none", async () => {
        created(jobOf(A, "holds", 1, 2, FOREVER));
        created(jobOf(B, "holds", 1, 1, FOREVER));
        await eventually("three GPUs are taken", () => running(A, "holds") + running(B, "holds") === 2 || undefined);

        // Two GPUs are what A may still borrow; one is free.
        created(trainJobOf(A, "gang", 2, 1, "sleep 3"));
        const waits = await eventually("Kueue says for what it waits", () => {
            const found = condition(A, "gang", "QuotaReserved");
            return found?.status === "False" ? found : undefined;
        });
        expect(waits.message).toMatch(/insufficient.*nvidia\.com\/gpu/i);
        for (let second = 0; second < 10; second++) {
            expect(pods(A, "jobset.sigs.k8s.io/jobset-name=gang")).toEqual([]);
            await new Promise((resolve) => setTimeout(resolve, 1000));
        }

        platform.kubectl(["delete", "job", "holds", "-n", B]);
        const started = await eventually("both pods have started", () => {
            const found = pods(A, "jobset.sigs.k8s.io/jobset-name=gang").map(({ status }) => status.startTime);
            return found.length === 2 && found.every((time) => time !== undefined) ? found : undefined;
        });
        const [first = "", second = ""] = started;
        expect(Math.abs(Date.parse(first) - Date.parse(second))).toBeLessThanOrEqual(2000);
        await eventually("the gang ends", () =>
            isTrue(
                platform
                    .get<{ status?: { conditions?: readonly Condition[] } }>("trainjob", "gang", "-n", A)
                    .status?.conditions?.find(({ type }) => type === "Complete"),
            ),
        );
    });

    it.each([
        [
            "a pod larger than a node",
            jobOf(A, "wide", 1, 5, "true"),
            /asks for 5 nvidia\.com\/gpu, and no node .* more than 4/,
        ],
        [
            "a job larger than the quota",
            jobOf(A, "many", 3, 2, "true"),
            /asks for 6 nvidia\.com\/gpu at a time.*at most 4/,
        ],
        ["a gang larger than the quota", trainJobOf(A, "gang", 5, 1, "true"), /asks for 5 nvidia\.com\/gpu at a time/],
        [
            "a TrainJob that Kueue could not start",
            { ...trainJobOf(A, "gang", 1, 1, "true"), spec: { runtimeRef: { name: "plain" }, trainer: { args: [] } } },
            /leave spec\.trainer\.args out/,
        ],
        ["a node of a gang larger than a node", trainJobOf(A, "gang", 1, 8, "true"), /a pod of it asks for 8/],
        [
            "a pod",
            { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: A }, spec: podOf(5, "true") },
            /asks for 5/,
        ],
        [
            "a workflow",
            {
                apiVersion: "argoproj.io/v1alpha1",
                kind: "Workflow",
                metadata: { name: "w", namespace: A },
                spec: { entrypoint: "a", templates: [{ name: "a", container: podOf(5, "true").containers[0] }] },
            },
            /asks for 5/,
        ],
    ])("refuse %s at once, with the reason", (_, object, reason) => {
        const { code, output } = create(object);
        expect(code).not.toBe(0);
        expect(output).toMatch(reason);
    });

    it("take in everything of a team, whatever it says of queues", async () => {
        const pod = {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name: "loose", namespace: A },
            spec: podOf(1, "sleep 1"),
        };
        created(pod);
        const { metadata } = platform.get<{ metadata: { labels: Record<string, string> } }>("pod", "loose", "-n", A);
        expect(metadata.labels["kueue.x-k8s.io/queue-name"]).toBe(LOCAL_QUEUE);
        await eventually("it has run", () =>
            platform.get<Pod>("pod", "loose", "-n", A).status.phase === "Succeeded" ? true : undefined,
        );
    });

    it("let what is urgent go first within a team", async () => {
        created(jobOf(A, "holds", 1, 4, "sleep 300"));
        await eventually("it holds all four", () => running(A, "holds") || undefined);
        const urgent = { labels: { "kueue.x-k8s.io/priority-class": "high" } };
        created(jobOf(A, "urgent", 1, 2, "sleep 1", urgent));
        await eventually("the urgent one ends", () => job(A, "urgent").status.succeeded);
        expect(isTrue(condition(A, "holds", "Preempted"))).toBeDefined();
        await eventually("the other is back", () => running(A, "holds") || undefined);
    });

    describe("of several pools", () => {
        const pool = (name: string, gpusPerNode: number, maxNodes: number): GpuPool => ({
            name: `test-${name}`,
            resource: GPU,
            gpusPerNode,
            maxNodes,
            nodeLabels: { "mlp.dev/gpu-pool": `test-${name}` },
        });
        const [small, large] = [pool("small", 1, 2), pool("large", 4, 2)] as const;
        const TEAM = "queueing-test";
        const namespace = `team-${TEAM}`;
        const shares = resolveTeamQueue(
            { gpuPools: [small, large], gpus: [small, large].map(({ name }) => ({ pool: name, nominal: 2 })) },
            "test",
        );
        const namespaces = { matchLabels: { "mlp.dev/team": TEAM } };
        const nodes = [small, large].flatMap((one) =>
            Array.from({ length: one.maxNodes }, (_, index) => kwokNode(one, index)),
        );
        const owned = [
            ...[small, large].map(flavorOf),
            clusterQueueOf(
                namespace,
                // All of it is the team's: nobody else knows these pools.
                teamGroups(
                    { cpu: "64", memory: "256Gi", pods: 100 },
                    [small, large],
                    [
                        { pool: small.name, nominal: 2, borrow: 0, lend: 0 },
                        { pool: large.name, nominal: 8, borrow: 0, lend: 0 },
                    ],
                ),
                namespaces,
            ),
            { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: namespaces.matchLabels } },
            localQueueOf(namespace, namespace),
        ];
        let kwok: Kwok;
        beforeAll(async () => {
            kwok = await Kwok.start(platform.cluster.kubeconfig);
            for (const object of [...nodes, ...owned]) created(object);
        });
        afterAll(async () => {
            platform.kubectl(["delete", "namespace", namespace, "--timeout=120s"]);
            for (const object of [...nodes, ...owned.slice(0, 3).reverse()]) {
                platform.kubectl(["delete", "--filename=-", "--timeout=60s"], JSON.stringify(object));
            }
            await kwok?.stop();
        });

        const nodesOf = (name: string) =>
            pods(namespace, `job-name=${name}`)
                .flatMap(({ spec }) => spec.nodeName ?? [])
                .sort();

        it("gives each job the nodes of its quota: the first pool that holds it, or the one that it names", async () => {
            created(jobOf(namespace, "fits-small", 2, 1, "true"));
            created(jobOf(namespace, "needs-large", 2, 4, "true"));
            await eventually("both have nodes", () =>
                nodesOf("fits-small").length + nodesOf("needs-large").length === 4 ? true : undefined,
            );
            const poolsOf = (name: string) => [...new Set(nodesOf(name).map((node) => node.replace(/-\d+$/, "")))];
            expect(poolsOf("fits-small")).toEqual(["test-small"]);
            expect(poolsOf("needs-large")).toEqual(["test-large"]);
        });

        it("refuses what no node of its pools holds", () => {
            expect(shares.map(({ nominal }) => nominal)).toEqual([2, 2]);
            const { validations = [] } = impossibleJobs(TEAM, [small, large], shares) as {
                validations?: readonly { expression: string }[];
            };
            expect(validations[0]?.expression).toContain("s.each <= 4");
        });
    });
});

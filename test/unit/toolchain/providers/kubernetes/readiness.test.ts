import { JsonObject } from "../../../../../toolchain/providers/base/json";
import { judgeFor, provingTime, timeoutOf } from "../../../../../toolchain/providers/kubernetes/await";
import { podReasons } from "../../../../../toolchain/providers/kubernetes/await/reasons";
import { Look } from "../../../../../toolchain/providers/kubernetes/await/verdict";

const looking = (found?: JsonObject, list: JsonObject[] = []): Look => ({
    find: async () => found,
    list: async () => list,
});

async function state(object: JsonObject, look = looking()): Promise<string> {
    const judge = judgeFor(object);
    if (judge === undefined) return "not awaited";
    const verdict = await judge(object, look);
    return verdict.state === "ready" ? "ready" : `${verdict.state}: ${verdict.message}`;
}

const of =
    (apiVersion: string, kind: string) =>
    (spec: JsonObject, status: JsonObject, metadata: JsonObject = {}) => ({
        apiVersion,
        kind,
        metadata: { name: "x", namespace: "ns", generation: 1, ...metadata },
        spec,
        status,
    });
const deployment = of("apps/v1", "Deployment");
const statefulSet = of("apps/v1", "StatefulSet");
const daemonSet = of("apps/v1", "DaemonSet");
const job = of("batch/v1", "Job");
const pod = of("v1", "Pod");
const service = of("v1", "Service");
const claim = of("v1", "PersistentVolumeClaim");
const seen = { observedGeneration: 1 };
const condition = (type: string, status: string, reason = "", message = "") => ({ type, status, reason, message });
const selector = { selector: { app: "x" } };

describe("readiness", () => {
    it.each<[string, JsonObject, string]>([
        [
            "a Deployment whose pods are all available",
            deployment({ replicas: 2 }, { ...seen, replicas: 2, updatedReplicas: 2, availableReplicas: 2 }),
            "ready",
        ],
        [
            "a Deployment that lacks a pod",
            deployment({ replicas: 2 }, { ...seen, replicas: 2, updatedReplicas: 2, availableReplicas: 1 }),
            "waiting: 1 of 2 pods available",
        ],
        [
            "a Deployment with an old pod left",
            deployment({ replicas: 1 }, { ...seen, replicas: 2, updatedReplicas: 1, availableReplicas: 2 }),
            "waiting: 1 old pods to end",
        ],
        [
            "a Deployment whose status is of an older spec",
            deployment({}, { observedGeneration: 0, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }),
            "waiting: the controller to see the new spec",
        ],
        [
            "a Deployment that made no progress in time",
            deployment(
                {},
                { ...seen, conditions: [condition("Progressing", "False", "ProgressDeadlineExceeded", "too slow")] },
            ),
            "failed: ProgressDeadlineExceeded: too slow",
        ],
        ["a Deployment of no pods", deployment({ replicas: 0 }, seen), "ready"],
        ["a paused Deployment", deployment({ paused: true }, {}), "ready"],
        [
            "a StatefulSet with all pods of the new revision",
            statefulSet({}, { ...seen, readyReplicas: 1, currentRevision: "a", updateRevision: "a" }),
            "ready",
        ],
        [
            "a StatefulSet with a pod of the old revision",
            statefulSet(
                { replicas: 2 },
                { ...seen, readyReplicas: 2, updatedReplicas: 1, currentRevision: "a", updateRevision: "b" },
            ),
            "waiting: 1 of 2 pods updated",
        ],
        [
            "a StatefulSet updated down to its partition",
            statefulSet(
                { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
                { ...seen, readyReplicas: 3, updatedReplicas: 1, currentRevision: "a", updateRevision: "b" },
            ),
            "ready",
        ],
        [
            "a DaemonSet that runs everywhere",
            daemonSet({}, { ...seen, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 }),
            "ready",
        ],
        ["a DaemonSet that no node wants", daemonSet({}, { ...seen, desiredNumberScheduled: 0 }), "ready"],
        ["a completed Job", job({}, { conditions: [condition("Complete", "True")] }), "ready"],
        [
            "a failed Job",
            job({}, { conditions: [condition("Failed", "True", "BackoffLimitExceeded", "no more tries")] }),
            "failed: BackoffLimitExceeded: no more tries",
        ],
        [
            "a Job at work",
            job({ completions: 3 }, { succeeded: 1, failed: 2 }),
            "waiting: 1 of 3 pods completed, 2 failed",
        ],
        ["a suspended Job", job({ suspend: true }, {}), "ready"],
        ["a ready Pod", pod({}, { phase: "Running", conditions: [condition("Ready", "True")] }), "ready"],
        ["a Pod that did its work", pod({}, { phase: "Succeeded" }), "ready"],
        ["a Pod that failed", pod({}, { phase: "Failed", message: "evicted" }), "failed: evicted"],
        [
            "a Pod that fits on no node",
            pod(
                {},
                { phase: "Pending", conditions: [condition("PodScheduled", "False", "Unschedulable", "0/1 nodes")] },
            ),
            "waiting: Unschedulable: 0/1 nodes",
        ],
        ["a Service with nothing behind it", service(selector, {}), "waiting: pods that match the selector"],
        ["a headless Service", service({ ...selector, clusterIP: "None" }, {}), "ready"],
        ["a Service without selector", service({}, {}), "ready"],
        ["a Service that names another host", service({ ...selector, type: "ExternalName" }, {}), "ready"],
        [
            "a load balancer without address",
            service({ type: "LoadBalancer" }, {}),
            "waiting: the load balancer to get an address",
        ],
        ["a bound claim", claim({}, { phase: "Bound" }), "ready"],
        ["a lost claim", claim({}, { phase: "Lost" }), "failed: its volume is lost"],
        [
            "a claim of a class that does not exist",
            claim({ storageClassName: "fast" }, { phase: "Pending" }),
            "waiting: storage class fast, which does not exist",
        ],
        [
            "a definition that is served",
            of("apiextensions.k8s.io/v1", "CustomResourceDefinition")(
                {},
                { conditions: [condition("Established", "True")] },
            ),
            "ready",
        ],
        [
            "a definition whose names are taken",
            of("apiextensions.k8s.io/v1", "CustomResourceDefinition")(
                {},
                { conditions: [condition("NamesAccepted", "False", "Conflict", "taken")] },
            ),
            "failed: Conflict: taken",
        ],
        [
            "an API that does not answer yet",
            of("apiregistration.k8s.io/v1", "APIService")(
                {},
                { conditions: [condition("Available", "False", "MissingEndpoints", "none")] },
            ),
            "waiting: MissingEndpoints: none",
        ],
        ["an active namespace", of("v1", "Namespace")({}, { phase: "Active" }), "ready"],
        [
            "a token Secret without token",
            { ...of("v1", "Secret")({}, {}), type: "kubernetes.io/service-account-token" },
            "waiting: the token of its service account",
        ],
        ["an ordinary Secret", of("v1", "Secret")({}, {}), "ready"],
        ["a custom resource", of("example.org/v1", "Thing")({}, {}), "not awaited"],
    ])("of %s", async (_what, object, expected) => {
        expect(await state(object)).toBe(expected);
    });

    it("of a Service: one of its pods must be ready", async () => {
        const slice = (ready: boolean) => looking(undefined, [{ endpoints: [{ conditions: { ready } }] }]);

        expect(await state(service(selector, {}), slice(false))).toBe("waiting: one of its pods to be ready");
        expect(await state(service(selector, {}), slice(true))).toBe("ready");
    });

    it("of a claim that gets its volume with its first pod: is not waited for", async () => {
        const waiting = looking({ volumeBindingMode: "WaitForFirstConsumer" });

        expect(await state(claim({ storageClassName: "local" }, { phase: "Pending" }), waiting)).toBe("ready");
    });

    it("is not waited for where the annotation says so", async () => {
        expect(await state(deployment({}, {}, { annotations: { "pulumi.com/skipAwait": "true" } }))).toBe(
            "not awaited",
        );
    });

    it("is what pulumi.com/waitFor says, where it is given", async () => {
        const annotated = (phase: string) =>
            of("example.org/v1", "Thing")(
                {},
                { phase },
                { annotations: { "pulumi.com/waitFor": "jsonpath={.status.phase}=Done" } },
            );

        expect(await state(annotated("Working"))).toBe("waiting: {.status.phase} to be Done");
        expect(await state(annotated("Done"))).toBe("ready");
    });
});

describe("timeoutOf", () => {
    const annotated = { metadata: { annotations: { "pulumi.com/timeoutSeconds": "30" } } };

    it("is the program's, else the annotation's, else ten minutes", () => {
        expect([timeoutOf(annotated, 5), timeoutOf(annotated, 0), timeoutOf({}, 0)]).toEqual([5, 30, 600]);
    });
});

describe("provingTime", () => {
    const running = (container: JsonObject) =>
        provingTime(deployment({ template: { spec: { containers: [container] } } }, {}));

    it("is asked of workloads that only run, not of those that answer a probe", () => {
        expect(running({ name: "c" })).toBeGreaterThan(0);
        expect(running({ name: "c", readinessProbe: { exec: {} } })).toBe(0);
        expect(provingTime(job({ template: { spec: { containers: [{ name: "c" }] } } }, {}))).toBe(0);
    });
});

describe("podReasons", () => {
    const reasons = (status: JsonObject) => podReasons(pod({}, status, { name: "web-1" })).map(({ line }) => line);

    it("names the container and why it waits", () => {
        const waiting = {
            name: "c",
            state: { waiting: { reason: "ImagePullBackOff", message: "Back-off pulling image" } },
        };

        expect(reasons({ containerStatuses: [waiting] })).toEqual([
            "pod web-1, container c: ImagePullBackOff: Back-off pulling image",
        ]);
    });

    it("says how a crashed container ended", () => {
        const crashed = {
            name: "c",
            state: { waiting: { reason: "CrashLoopBackOff" } },
            lastState: { terminated: { exitCode: 3, reason: "Error", message: "no config" } },
        };

        expect(reasons({ containerStatuses: [crashed] })).toEqual([
            "pod web-1, container c: CrashLoopBackOff: exited with code 3 (Error): no config",
        ]);
    });

    it("says that a probe has not succeeded", () => {
        const unready = { name: "c", ready: false, state: { running: { startedAt: "now" } } };

        expect(reasons({ containerStatuses: [unready] })).toEqual([
            "pod web-1, container c: runs but its readiness probe has not succeeded",
        ]);
    });
});

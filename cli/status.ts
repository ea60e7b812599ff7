import { clusterStatus } from "../toolchain/cluster";
import { progressOn } from "../toolchain/progress";
import { Kubectl } from "./kubectl";
import { tools } from "./local";

interface Workload {
    readonly kind: string;
    readonly metadata: { readonly namespace: string; readonly name: string };
    readonly spec: { readonly replicas?: number };
    readonly status: {
        readonly readyReplicas?: number;
        readonly numberReady?: number;
        readonly desiredNumberScheduled?: number;
    };
}

/** What runs: the cluster's own processes, then every workload with its ready pods. */
export async function status(): Promise<void> {
    const cluster = await clusterStatus();
    if (cluster.state !== "running") {
        const kept = cluster.state === "stopped" && cluster.hasData ? "; objects and volumes are kept" : "";
        console.log(`embedded cluster: ${cluster.state}${kept}`);
        return;
    }
    console.log(`embedded cluster: running at ${cluster.info.apiUrl}`);
    for (const { name, ready, restarts } of cluster.components) {
        console.log(`  ${ready ? "✓" : "✗"} ${name}${restarts > 0 ? ` (restarted ${restarts}×)` : ""}`);
    }
    const { binaries } = await tools(progressOn(), ["kubernetes"]);
    const kubectl = new Kubectl(binaries.kubectl, cluster.info.kubeconfig);
    const workloads = kubectl.get<{ items: Workload[] }>("deployments,statefulsets,daemonsets", "--all-namespaces");
    console.log("workloads:");
    for (const { kind, metadata, spec, status: now } of workloads?.items ?? []) {
        const wanted = spec.replicas ?? now.desiredNumberScheduled ?? 0;
        const ready = now.readyReplicas ?? now.numberReady ?? 0;
        const mark = ready >= wanted ? "✓" : "✗";
        console.log(`  ${mark} ${metadata.namespace}/${metadata.name} (${kind}) ${ready} of ${wanted} ready`);
    }
}

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

/** What the platform's program records about itself in the cluster. */
interface Installation {
    readonly data?: {
        readonly environment?: string;
        readonly id?: string;
        readonly project?: string;
        readonly stack?: string;
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
    const { binaries } = await tools(progressOn(), ["kubectl"]);
    const kubectl = new Kubectl(binaries.kubectl, cluster.info.kubeconfig);
    const record = kubectl.find<Installation>("configmap", "installation", "--namespace", "mlp-system");
    console.log(`platform: ${installationOf(record)}`);
    const workloads = kubectl.find<{ items: Workload[] }>("deployments,statefulsets,daemonsets", "--all-namespaces");
    console.log("workloads:");
    for (const { kind, metadata, spec, status: now } of workloads?.items ?? []) {
        const wanted = spec.replicas ?? now.desiredNumberScheduled ?? 0;
        const ready = now.readyReplicas ?? now.numberReady ?? 0;
        const mark = ready >= wanted ? "✓" : "✗";
        console.log(`  ${mark} ${metadata.namespace}/${metadata.name} (${kind}) ${ready} of ${wanted} ready`);
    }
}

/** Who manages the platform, by its record. Pure. */
export function installationOf(record: Installation | undefined): string {
    if (record === undefined) return "not there yet; `npm run up` brings it up";
    const { environment = "?", id = "?", project = "?", stack = "?" } = record.data ?? {};
    return `environment ${environment}, installation ${id}, managed by stack ${project}/${stack}`;
}

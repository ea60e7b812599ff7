import { ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";

import { GpuPool } from "../../components/contracts";
import { bootstrap } from "../../toolchain/bootstrap";
import { silentProgress } from "../../toolchain/progress";
import { freePort } from "./free-port";

const FAKE = "kwok.x-k8s.io/node";
const STAGES = ["node-initialize", "pod-ready", "pod-complete", "pod-delete"] as const;

/** kwok beside a cluster: its nodes become Ready and pods on them pretend to run; the cluster's own nodes it leaves alone. */
export class Kwok {
    private constructor(private readonly child: ChildProcess) {}

    static async start(kubeconfig: string): Promise<Kwok> {
        const { binaries } = await bootstrap({ progress: silentProgress, only: ["kwok"] });
        const program = binaries.kwok;
        const address = `127.0.0.1:${await freePort()}`;
        const stages = STAGES.map((stage) => `--config=${join(dirname(program), `${stage}.yaml`)}`);
        // It must not outlive a test that is killed.
        const child = spawn(
            "setpriv",
            [
                "--pdeathsig",
                "KILL",
                program,
                `--kubeconfig=${kubeconfig}`,
                `--manage-nodes-with-annotation-selector=${FAKE}=fake`,
                "--node-lease-duration-seconds=40",
                `--server-address=${address}`,
                ...stages,
            ],
            { stdio: "ignore" },
        );
        return new Kwok(child);
    }

    async stop(): Promise<void> {
        const ended = new Promise((resolve) => this.child.once("close", resolve));
        if (this.child.exitCode !== null || !this.child.kill()) return;
        await ended;
    }
}

/** A node of a pool that is an object alone. Its taint keeps everything away that does not ask for GPUs. */
export function kwokNode({ name, resource, gpusPerNode, nodeLabels }: GpuPool, index: number): object {
    const node = `${name}-${index}`;
    const capacity = { cpu: "32", memory: "128Gi", pods: "110", [resource]: String(gpusPerNode) };
    return {
        apiVersion: "v1",
        kind: "Node",
        metadata: {
            name: node,
            annotations: { [FAKE]: "fake" },
            labels: { ...nodeLabels, "kubernetes.io/hostname": node, "kubernetes.io/os": "linux" },
        },
        spec: { taints: [{ key: resource, value: "true", effect: "NoSchedule" }] },
        status: { capacity, allocatable: capacity },
    };
}

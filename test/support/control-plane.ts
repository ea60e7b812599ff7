import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { Bootstrap, bootstrap } from "../../toolchain/bootstrap";
import { ControlPlane, startControlPlane, stopControlPlane } from "../../toolchain/cluster";
import { dataDir } from "../../toolchain/paths";
import { silentProgress } from "../../toolchain/progress";
import { freePort } from "./free-port";
import { Kubectl } from "./kubectl";

const CONTROL_PLANE = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;
/** Beside kwok itself: nodes become Ready, pods run, pods of Jobs complete, deleted pods go. */
const STAGES = ["node-initialize", "pod-ready", "pod-complete", "pod-delete"] as const;

/**
 * A real control plane of a test's own, without a node until the test (or a simulator of AWS) makes some. It stands in
 * for EKS's: admission, quotas, scheduling and garbage collection are real, what pods do is kwok's pretence.
 */
export class SimulatedControlPlane {
    readonly kubectl: Kubectl;

    private constructor(
        private readonly folder: string,
        readonly running: ControlPlane,
        readonly tools: Bootstrap,
        /** Seconds from asking for it to its being there. */
        readonly startSeconds: number,
    ) {
        this.kubectl = new Kubectl(tools.binaries.kubectl, running.kubeconfig);
    }

    static async start(): Promise<SimulatedControlPlane> {
        const tools = await bootstrap({ progress: silentProgress, only: ["etcd", "kubernetes", "kwok"] });
        const programs = CONTROL_PLANE.map((name) => [name, tools.binaries[name]]);
        mkdirSync(dataDir(), { recursive: true, mode: 0o700 });
        const folder = mkdtempSync(join(dataDir(), "simulated-"));
        const began = Date.now();
        const running = await startControlPlane({
            folder,
            apiPort: await freePort(),
            binaries: Object.fromEntries(programs) as Record<(typeof CONTROL_PLANE)[number], string>,
            stages: STAGES.map((stage) => join(dirname(tools.binaries.kwok), `${stage}.yaml`)),
            progress: () => undefined,
        });
        return new SimulatedControlPlane(folder, running, tools, (Date.now() - began) / 1000);
    }

    get kubeconfig(): string {
        return this.running.kubeconfig;
    }

    async stop(): Promise<void> {
        await stopControlPlane(this.folder);
        // Its keeper may still be removing the last of it.
        rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
    }
}

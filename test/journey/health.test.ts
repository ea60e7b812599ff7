import { rmSync, writeFileSync } from "node:fs";

import { eventually, LocalPlatform } from "../support/local-platform";

interface Pod {
    readonly metadata: { readonly name: string; readonly uid: string };
    readonly status: {
        readonly containerStatuses: readonly { readonly restartCount: number; readonly ready: boolean }[];
    };
}

const JOBSET = ["pods", "-n", "jobset-system", "--selector", "app.kubernetes.io/name=jobset"] as const;

describe("the platform's health on a real kubelet", () => {
    jest.setTimeout(180_000);
    let platform: LocalPlatform;
    beforeAll(async () => {
        platform = await LocalPlatform.find();
    });

    const controller = (): Pod => platform.get<{ items: Pod[] }>(...JOBSET).items[0]!;
    const restarts = (): number => controller().status.containerStatuses[0]!.restartCount;
    const manager = (): number[] => platform.processes(/^\/manager .*\/etc\/jobset\//);
    const restarted = (before: number) =>
        eventually(
            "the container is restarted and ready",
            () => (restarts() > before && controller().status.containerStatuses[0]!.ready ? true : undefined),
            120,
        );

    it("restarts a container that was killed", async () => {
        const before = restarts();
        const [pid] = manager();
        process.kill(pid!, "SIGKILL");
        await restarted(before);
        expect(manager()).toHaveLength(1);
    });

    it("restarts a container that hangs, by its probe", async () => {
        const failures = () => {
            const { items } = platform.get<{ items: { message: string; count?: number }[] }>(
                "events",
                "-n",
                "jobset-system",
            );
            return items
                .filter(({ message }) => /Liveness probe failed/.test(message))
                .reduce((sum, { count }) => sum + (count ?? 1), 0);
        };
        const before = restarts();
        const failuresBefore = failures();
        const [pid] = manager();
        process.kill(pid!, "SIGSTOP");
        await restarted(before);
        expect(failures()).toBeGreaterThan(failuresBefore);
    });

    it("takes an unhealthy GPU out of what can be allocated, and back in", async () => {
        const allocatable = () => {
            const nodes = platform.get<{ items: { status: { allocatable: Record<string, string> } }[] }>("nodes");
            return Number(nodes.items[0]!.status.allocatable["nvidia.com/gpu"]);
        };
        expect(allocatable()).toBe(4);
        const [pid] = platform.processes(/^\/simulated-gpu-plugin /);
        const faults = `/proc/${pid}/root/var/lib/kubelet/device-plugins/mlp-unhealthy`;
        try {
            writeFileSync(faults, "simulated-simulated-0\n");
            await eventually("one GPU less", () => (allocatable() === 3 ? true : undefined));
        } finally {
            rmSync(faults, { force: true });
        }
        await eventually("all GPUs again", () => (allocatable() === 4 ? true : undefined));
    });

    it("answers kubectl top: metrics of nodes and pods", async () => {
        await eventually(
            "metrics",
            () => (/mlp-local\s+\d+m/.test(platform.kubectl(["top", "nodes"]).output) ? true : undefined),
            90,
        );
    });
});

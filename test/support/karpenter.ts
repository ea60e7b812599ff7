import { ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { instanceType, maxPods } from "../../components/cluster/eks/instance-types";
import { freePort } from "./free-port";
import { eventually } from "./local-platform";

/** Its custom resource definitions, which lie beside the program. */
export function definitionsBeside(program: string): string[] {
    const files = ["karpenter.sh_nodepools", "karpenter.sh_nodeclaims", "karpenter.sh_nodeoverlays"];
    return [...files, "karpenter.kwok.sh_kwoknodeclasses"].map((file) => join(dirname(program), `${file}.yaml`));
}

/** EC2 types of our table as Karpenter's kwok provider reads them, offered in every zone, spot at a third of the price. */
export function kwokInstanceTypes(names: readonly string[], zones: readonly string[]): object[] {
    return names.map((name) => {
        const type = instanceType(name);
        if (type === undefined) throw new Error(`${name} is not in the table of instance types`);
        const price = type.usdPerHour ?? 0;
        return {
            name,
            architecture: type.architecture,
            operatingSystems: ["linux"],
            resources: {
                cpu: String(type.vcpu),
                memory: `${type.memoryGiB}Gi`,
                pods: String(maxPods(type)),
                "ephemeral-storage": "200Gi",
                ...(type.gpus > 0 && { "nvidia.com/gpu": String(type.gpus) }),
            },
            offerings: zones.flatMap((zone) => [offering(zone, "on-demand", price), offering(zone, "spot", price / 3)]),
        };
    });
}

function offering(zone: string, capacity: string, price: number): object {
    const only = (key: string, value: string) => ({ key, operator: "In", values: [value] });
    return {
        Price: price,
        Available: true,
        Requirements: [only("karpenter.sh/capacity-type", capacity), only("topology.kubernetes.io/zone", zone)],
    };
}

/** Karpenter with its own kwok provider: its real controllers, which make Node objects in place of machines. */
export class Karpenter {
    private constructor(
        private readonly child: ChildProcess,
        private readonly folder: string,
    ) {}

    static async start(program: string, kubeconfig: string, instanceTypes: readonly object[]): Promise<Karpenter> {
        const folder = mkdtempSync(join(tmpdir(), "karpenter-"));
        const types = join(folder, "instance-types.json");
        writeFileSync(types, JSON.stringify(instanceTypes));
        const probes = await freePort();
        const log = openSync(join(folder, "karpenter.log"), "w");
        // It must not outlive a test that is killed.
        const child = spawn("setpriv", ["--pdeathsig", "KILL", program], {
            stdio: ["ignore", log, log],
            env: {
                PATH: process.env.PATH,
                KUBECONFIG: kubeconfig,
                INSTANCE_TYPES_FILE_PATH: types,
                DISABLE_LEADER_ELECTION: "true",
                HEALTH_PROBE_PORT: String(probes),
                METRICS_PORT: String(await freePort()),
            },
        });
        closeSync(log);
        const karpenter = new Karpenter(child, folder);
        let ready = false;
        const ask = () => {
            get(`http://127.0.0.1:${probes}/readyz`, (answer) => (ready ||= answer.resume().statusCode === 200)).on(
                "error",
                () => undefined,
            );
        };
        await eventually("Karpenter's readiness", () => {
            if (child.exitCode !== null) throw new Error(`Karpenter ended: ${karpenter.log.slice(-2000)}`);
            ask();
            return ready || undefined;
        });
        return karpenter;
    }

    get log(): string {
        return readFileSync(join(this.folder, "karpenter.log"), "utf8");
    }

    async stop(): Promise<void> {
        const gone = new Promise((resolve) => this.child.once("exit", resolve));
        if (this.child.exitCode === null && this.child.kill("SIGKILL")) await gone;
        rmSync(this.folder, { recursive: true });
    }
}

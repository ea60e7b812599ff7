import { setTimeout as sleep } from "node:timers/promises";

import { containerSecurity, podSecurity } from "../../components/kubernetes/hardening";
import { references } from "../../images/catalogue";
import { LocalPlatform } from "../support/local-platform";
import { BARE_NAMESPACE, bareController, INSTANCE } from "./bare-controller";
import { residentOf } from "./memory";

export const STEPS = 100;
/** As many as one small node has room for. */
export const PARALLELISM = 10;
const MINUTES = 15;

/** One value a run. */
export interface FanOuts {
    readonly seconds: number[];
    readonly memory: number[];
}

export interface Controllers {
    /** As the platform runs it: configuration, archive in Postgres, logs of every step in the object store. */
    readonly platform: FanOuts;
    readonly bare: FanOuts;
}

/** Where a workflow goes, and whose process takes it up. */
interface Side {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly process: RegExp;
}

/** Runs the same fan-out by the platform's controller and by a bare one, in turn. */
export async function compareControllers(
    platform: LocalPlatform,
    namespace: string,
    runs: number,
    steps = STEPS,
): Promise<Controllers> {
    const controllers: Controllers = { platform: { seconds: [], memory: [] }, bare: { seconds: [], memory: [] } };
    const sides: Readonly<Record<keyof Controllers, Side>> = {
        platform: { namespace, labels: {}, process: /^\/bin\/workflow-controller (?!.*--namespaced)/ },
        bare: {
            namespace: BARE_NAMESPACE,
            labels: { "workflows.argoproj.io/controller-instanceid": INSTANCE },
            process: /^\/bin\/workflow-controller .*--namespaced/,
        },
    };
    succeed(platform, ["create", "--filename=-"], JSON.stringify(bareController()));
    try {
        const ready = ["wait", "pods", "--all", "--for=condition=Ready", "--timeout=120s"];
        succeed(platform, ["--namespace", BARE_NAMESPACE, ...ready]);
        for (let run = 0; run < runs; run += 1) {
            for (const way of ["platform", "bare"] as const) {
                const { seconds, memory } = await fanOut(platform, sides[way], steps);
                controllers[way].seconds.push(seconds);
                controllers[way].memory.push(memory);
            }
        }
    } finally {
        succeed(platform, ["delete", "namespace", BARE_NAMESPACE, "--wait=true", "--timeout=180s"]);
    }
    return controllers;
}

async function fanOut(
    platform: LocalPlatform,
    { namespace, labels, process }: Side,
    steps: number,
): Promise<{ seconds: number; memory: number }> {
    const kubectl = (...args: string[]) => succeed(platform, ["--namespace", namespace, ...args]);
    const [pid, ...others] = platform.processes(process);
    if (pid === undefined || others.length > 0) throw new Error(`not one process of ${String(process)}`);
    const workflow = JSON.stringify(workflowOf(namespace, labels, steps));
    const name = succeed(platform, ["create", "--filename=-", "--output=name"], workflow).trim();
    try {
        let memory = 0;
        for (const until = Date.now() + MINUTES * 60_000; Date.now() < until; await sleep(2_000)) {
            memory = Math.max(memory, residentOf(pid));
            const fields = kubectl("get", name, `--output=jsonpath=${FIELDS}`).split("|");
            const [phase = "", progress = "", began = "", ended = "", message = ""] = fields;
            if (/Failed|Error/.test(phase)) throw new Error(`${name} in ${namespace}: ${phase}: ${message}`);
            if (phase !== "Succeeded") continue;
            if (progress !== `${steps}/${steps}`) throw new Error(`${name} in ${namespace} ended at ${progress}`);
            return { seconds: (Date.parse(ended) - Date.parse(began)) / 1000, memory };
        }
        throw new Error(`${name} in ${namespace} took more than ${MINUTES} minutes`);
    } finally {
        // Its pods go with it, so that the next one begins on an empty node.
        kubectl("delete", name, "--cascade=foreground", "--wait=true", "--timeout=180s");
    }
}

const FIELDS = [
    "{.status.phase}",
    "{.status.progress}",
    "{.metadata.creationTimestamp}",
    "{.status.finishedAt}",
    "{.status.message}",
].join("|");

function workflowOf(namespace: string, labels: Side["labels"], steps: number): object {
    return {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Workflow",
        metadata: { generateName: "bench-", namespace, labels },
        spec: {
            entrypoint: "fan-out",
            serviceAccountName: "pipeline",
            parallelism: PARALLELISM,
            securityContext: podSecurity(),
            templates: [
                {
                    name: "fan-out",
                    steps: [[{ name: "step", template: "nothing", withSequence: { count: `${steps}` } }]],
                },
                {
                    name: "nothing",
                    container: {
                        image: references()["plain-runtime"],
                        // The executor would ask a registry for the image's own.
                        command: ["true"],
                        securityContext: containerSecurity(),
                        resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } },
                    },
                },
            ],
        },
    };
}

function succeed(platform: LocalPlatform, args: readonly string[], input?: string): string {
    const { code, stdout, output } = platform.kubectl(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")} failed:\n${output}`);
    return stdout;
}

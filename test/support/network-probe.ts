import { execFileSync, spawn } from "node:child_process";

import { references } from "../../images/catalogue";
import { eventually, LocalPlatform } from "./local-platform";
import { tenantContainer, tenantPod } from "./tenant-pod";

export const PROBE_PORT = 8080;

/** Where to connect. */
export interface Target {
    readonly host: string;
    readonly port: number;
}

/** `refused` comes from a machine that is reached and listens not; a policy says nothing at all. */
export type Outcome = "open" | "refused" | "silent";

const SERVE = `import http.server; http.server.ThreadingHTTPServer(("", ${PROBE_PORT}), http.server.SimpleHTTPRequestHandler).serve_forever()`;

/** All targets at once, three tries' worth of time each. */
const CONNECT = `
import concurrent.futures, json, socket, sys
def connect(target):
    try:
        socket.create_connection((target["host"], target["port"]), timeout=4).close()
        return "open"
    except ConnectionRefusedError:
        return "refused"
    except OSError:
        return "silent"
targets = json.loads(sys.argv[1])
with concurrent.futures.ThreadPoolExecutor(32) as pool:
    print(json.dumps(list(pool.map(connect, targets))))
`;

/** A pod that answers at {@link PROBE_PORT} and connects to others when it is told. */
export class NetworkProbe {
    private constructor(
        private readonly platform: LocalPlatform,
        readonly namespace: string,
        readonly name: string,
        /** Of the pod. */
        readonly address: string,
    ) {}

    static async start(
        platform: LocalPlatform,
        namespace: string,
        { name = "probe", labels = {} }: { readonly name?: string; readonly labels?: Record<string, string> } = {},
    ): Promise<NetworkProbe> {
        const container = tenantContainer(["python3", "-c", SERVE], {
            image: references()["pipeline-steps"],
            envFrom: [],
            workingDir: "/tmp",
        });
        const pod = tenantPod(namespace, name, "default", container) as { metadata: object; spec: object };
        const labelled = {
            ...pod,
            metadata: { ...pod.metadata, labels: { "test.mlp.dev/probe": name, ...labels } },
            spec: { ...pod.spec, automountServiceAccountToken: false, terminationGracePeriodSeconds: 0 },
        };
        const made = platform.kubectl(["create", "--filename=-"], JSON.stringify(labelled));
        if (made.code !== 0) throw new Error(made.output);
        const address = await eventually(`probe in ${namespace}`, () => {
            const { status } = platform.get<{ status: { podIP?: string; phase: string } }>(
                `pod/${name}`,
                "-n",
                namespace,
            );
            return status.phase === "Running" ? status.podIP : undefined;
        });
        return new NetworkProbe(platform, namespace, name, address);
    }

    connect(targets: readonly Target[]): Outcome[] {
        const command = ["python3", "-c", CONNECT, JSON.stringify(targets)];
        const { code, stdout, output } = this.platform.kubectl([
            "exec",
            this.name,
            "-n",
            this.namespace,
            "--",
            ...command,
        ]);
        if (code !== 0) throw new Error(output);
        return JSON.parse(stdout) as Outcome[];
    }

    end(): void {
        this.platform.kubectl(["delete", "pod", this.name, "-n", this.namespace, "--wait=false", "--ignore-not-found"]);
    }
}

/** The node's own network, as the kubelet has it: what policies never keep out. */
export class NodeNetwork {
    private readonly enter: readonly string[];

    constructor(platform: LocalPlatform) {
        const [pid] = platform.processes(/kube-proxy/);
        if (pid === undefined) throw new Error("kube-proxy does not run");
        this.enter = ["--target", String(pid), "--net"];
    }

    connect(targets: readonly Target[]): Outcome[] {
        const program = ["python3", "-c", CONNECT, JSON.stringify(targets)];
        return JSON.parse(execFileSync("nsenter", [...this.enter, ...program], { encoding: "utf8" })) as Outcome[];
    }

    /** Puts an address on the node that answers as a cloud's metadata does; gives what takes it away. */
    async answerAt(address: string, port: number): Promise<() => void> {
        const change = (what: string) =>
            execFileSync("nsenter", [...this.enter, "ip", "address", what, `${address}/32`, "dev", "lo"]);
        change("add");
        const listen = `require("net").createServer((socket) => socket.end()).listen(${port}, "${address}", () => console.log("listening"))`;
        const child = spawn("nsenter", [...this.enter, process.execPath, "-e", listen], {
            stdio: ["ignore", "pipe", "inherit"],
        });
        await new Promise((resolve) => child.stdout.once("data", resolve));
        return () => {
            child.kill("SIGKILL");
            change("del");
        };
    }
}

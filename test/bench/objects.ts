import { readFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { Engine } from "../../cli/engine";
import { Project } from "../../cli/stack-files";
import { repositoryRoot } from "../../toolchain/paths";
import { LocalPlatform } from "../support/local-platform";
import { succeeded } from "./platform";
import { seconds } from "./statistics";

const NAMESPACE = "mlp-bench";
const STACK = "bench";

/** Seconds to create the same objects by each way, in the same run. */
export interface Ways {
    readonly pulumi: number[];
    readonly kubectl: number[];
    readonly api: number[];
}

/** Creates `count` ConfigMaps by Pulumi, by `kubectl apply --server-side` and by bare parallel POSTs, in turn. */
export async function compareWays(platform: LocalPlatform, count: number, runs: number): Promise<Ways> {
    const ways: Ways = { pulumi: [], kubectl: [], api: [] };
    const directory = mkdtempSync(join(tmpdir(), "mlp-bench-program-"));
    try {
        const project = writeProgram(directory, count);
        new Engine(platform.tools, project, STACK, platform.cluster.kubeconfig).create();
        const pulumi = async (command: string) =>
            succeeded(`pulumi ${command}`, await platform.pulumi([command, "--yes", "--skip-preview"], project, STACK));
        const manifest = objectsOf("kubectl", count)
            .map((object) => JSON.stringify(object))
            .join("\n---\n");
        const kubectl = (...args: string[]) => succeeded("kubectl", platform.kubectl(args, manifest));

        kubectl("create", "namespace", NAMESPACE);
        for (let index = 0; index < runs; index += 1) {
            ways.pulumi.push(await seconds(() => pulumi("up")));
            await pulumi("destroy");
            ways.kubectl.push(await seconds(async () => kubectl("apply", "--server-side", "--filename=-")));
            ways.api.push(await seconds(() => post(platform.cluster.kubeconfig, objectsOf("api", count))));
            kubectl("delete", "configmaps", "--all", "--namespace", NAMESPACE);
        }
        kubectl("delete", "namespace", NAMESPACE);
    } finally {
        rmSync(directory, { recursive: true });
    }
    return ways;
}

interface ConfigMap {
    readonly apiVersion: "v1";
    readonly kind: "ConfigMap";
    readonly metadata: { readonly name: string; readonly namespace: string };
    readonly data: Readonly<Record<string, string>>;
}

function objectsOf(way: string, count: number): ConfigMap[] {
    return Array.from({ length: count }, (_, index) => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: `${way}-${index}`, namespace: NAMESPACE },
        data: { index: String(index), text: "x".repeat(200) },
    }));
}

function writeProgram(directory: string, count: number): Project {
    const write = (file: string, text: string) => writeFileSync(join(directory, file), text);
    write("Pulumi.yaml", "name: mlp-bench\nruntime: nodejs\n");
    write(`Pulumi.${STACK}.yaml`, "config: {}\n");
    write("package.json", JSON.stringify({ name: "mlp-bench", main: "index.js" }));
    write("objects.json", JSON.stringify(objectsOf("pulumi", count)));
    write(
        "index.js",
        `const k8s = require("@pulumi/kubernetes");
for (const object of require("./objects.json")) new k8s.core.v1.ConfigMap(object.metadata.name, object);
`,
    );
    symlinkSync(join(repositoryRoot, "node_modules"), join(directory, "node_modules"));
    return { name: "mlp-bench", directory, stacks: directory };
}

interface Kubeconfig {
    readonly clusters: readonly [{ cluster: { server: string; "certificate-authority-data": string } }];
    readonly users: readonly [{ user: { "client-certificate-data": string; "client-key-data": string } }];
}

async function post(kubeconfig: string, objects: readonly ConfigMap[]): Promise<void> {
    const { clusters, users } = parse(readFileSync(kubeconfig, "utf8")) as Kubeconfig;
    const { server, "certificate-authority-data": ca } = clusters[0].cluster;
    const { "client-certificate-data": cert, "client-key-data": key } = users[0].user;
    const [caPem, certPem, keyPem] = [ca, cert, key].map((data) => Buffer.from(data, "base64"));
    const agent = new Agent({ ca: caPem, cert: certPem, key: keyPem, keepAlive: true, maxSockets: 64 });
    const url = `${server}/api/v1/namespaces/${NAMESPACE}/configmaps`;
    const one = (object: ConfigMap) =>
        new Promise<void>((resolve, reject) => {
            const headers = { "Content-Type": "application/json" };
            const call = request(url, { method: "POST", agent, headers }, (response) => {
                response.resume();
                response.on("end", () => {
                    if (response.statusCode === 201) resolve();
                    else reject(new Error(`POST ${object.metadata.name}: status ${response.statusCode ?? "none"}`));
                });
            });
            call.on("error", reject);
            call.end(JSON.stringify(object));
        });
    try {
        await Promise.all(objects.map(one));
    } finally {
        agent.destroy();
    }
}

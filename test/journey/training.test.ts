import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { eventually, LocalPlatform, Result } from "../support/local-platform";

const NAMESPACE = "example-training";

interface Pod {
    readonly metadata: { readonly name: string };
    readonly status: { readonly phase: string };
}

/** A user's stack trace would show where in our code it came from. */
function expectNoStackTrace({ output }: Result): void {
    expect(output).not.toMatch(/^\s+at .*(cli|infra|components|toolchain)\//m);
}

describe("a data scientist's training job", () => {
    jest.setTimeout(240_000);
    let platform: LocalPlatform;
    const folders: string[] = [];
    beforeAll(async () => {
        platform = await LocalPlatform.find();
    });
    afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

    const train = (set: readonly string[], until?: (output: string) => boolean) =>
        platform.mlp(["example", "training", ...set.flatMap((pair) => ["--set", pair])], until);

    /** Pods of the only job there is: a job that was replaced may still be ending its own. */
    const podsOfJob = <P = Pod>(): P[] => {
        const { items } = platform.get<{ items: { metadata: { name: string } }[] }>("trainjobs", "-n", NAMESPACE);
        expect(items).toHaveLength(1);
        const selector = `jobset.sigs.k8s.io/jobset-name=${items[0]!.metadata.name}`;
        return platform.get<{ items: P[] }>("pods", "-n", NAMESPACE, "--selector", selector).items;
    };

    /** A code directory with one script. */
    const codeWith = (script: string): string => {
        const folder = mkdtempSync(join(tmpdir(), "mlp-code-"));
        folders.push(folder);
        writeFileSync(join(folder, "train.py"), script);
        return folder;
    };

    it("trains on real data over two nodes to at least 95 % and says so last", async () => {
        const { code, output } = await train([]);
        expect(output).toMatch(/pods: 2 Running/);
        expect(output).toMatch(/epoch 20\/20/);
        const accuracy = /Trained in \d+ s: final accuracy ([\d.]+) with 2 processes/.exec(output);
        expect(Number(accuracy?.[1])).toBeGreaterThanOrEqual(0.95);
        expect(code).toBe(0);
    });

    it("leaves a model in the output volume that can be loaded and is as good", async () => {
        const pods = podsOfJob<{ spec: Record<string, unknown> }>();
        const { nodeName: _nodeName, ...spec } = pods[0]!.spec;
        const container = (spec.containers as Record<string, unknown>[])[0]!;
        const loader = {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name: "loader", namespace: NAMESPACE },
            spec: {
                ...spec,
                hostname: "loader",
                subdomain: undefined,
                containers: [
                    {
                        ...container,
                        env: [
                            { name: "MLP_OUTPUT", value: "/workspace/output" },
                            { name: "HOME", value: "/tmp" },
                        ],
                        command: ["python3", "/workspace/code/load.py"],
                        args: [],
                    },
                ],
            },
        };
        expect(platform.kubectl(["create", "-f", "-"], JSON.stringify(loader)).output).toMatch(/created/);
        await eventually("the loader ends", () => {
            const { phase } = platform.get<Pod>("pod", "loader", "-n", NAMESPACE).status;
            return phase === "Succeeded" || phase === "Failed" ? phase : undefined;
        });
        const log = platform.kubectl(["logs", "loader", "-n", NAMESPACE]).output;
        platform.kubectl(["delete", "pod", "loader", "-n", NAMESPACE]);
        expect(Number(/loaded accuracy ([\d.]+)/.exec(log)?.[1] ?? log)).toBeGreaterThanOrEqual(0.95);
    });

    it("gives each node of a job GPUs of its own", async () => {
        const code = codeWith(
            'import os, time; print("ids " + os.environ["MLP_SIMULATED_GPUS"], flush=True); time.sleep(1)',
        );
        const result = await train([`code=${code}`, "gpus=1", "nodes=2"]);
        expect(result.code).toBe(0);
        const pods = podsOfJob();
        const ids = pods.map(
            ({ metadata }) => /ids (\S+)/.exec(platform.kubectl(["logs", metadata.name, "-n", NAMESPACE]).output)?.[1],
        );
        expect(ids).toHaveLength(2);
        expect(new Set(ids).size).toBe(2);
        for (const id of ids) expect(id).toMatch(/^simulated-simulated-\d$/);
    });

    it("is refused GPUs beyond the pools in one line, with nothing changed", async () => {
        const before = platform.get<{ items: { metadata: { name: string } }[] }>("trainjobs", "-n", NAMESPACE);
        const result = await train(["gpus=9"]);
        expect(result.code).not.toBe(0);
        expect(result.output).toMatch(/digits\.gpus: "9 on each of 2 nodes" is not allowed .*simulated: 1 × 4/);
        expectNoStackTrace(result);
        const after = platform.get<{ items: { metadata: { name: string } }[] }>("trainjobs", "-n", NAMESPACE);
        expect(after.items.map(({ metadata }) => metadata.name)).toEqual(
            before.items.map(({ metadata }) => metadata.name),
        );
    });

    it("shows the last lines of code that raises", async () => {
        const code = codeWith('print("so far so good", flush=True)\nraise ValueError("no such column: label")\n');
        const result = await train([`code=${code}`]);
        expect(result.code).not.toBe(0);
        expect(result.output).toMatch(/Training job digits-\w+ failed/);
        expect(result.output).toMatch(/ValueError: no such column: label/);
        expectNoStackTrace(result);
    });

    it("says why a job waits that no node can hold", async () => {
        const result = await train(["memory=900Gi"], (output) => /Insufficient memory/.test(output));
        expect(result.output).toMatch(/pods: 2 Pending; .*Insufficient memory/);
    });

    it("is removed with everything it made", async () => {
        const result = await platform.mlp(["example", "training", "--destroy"]);
        expect(result.code).toBe(0);
        expect(platform.kubectl(["get", "namespace", NAMESPACE]).output).toMatch(/NotFound/);
        interface Volumes {
            readonly items: readonly { readonly spec: { readonly claimRef?: { readonly namespace: string } } }[];
        }
        // The platform's own stores have theirs.
        const ofJob = () =>
            platform
                .get<Volumes>("persistentvolumes")
                .items.filter(({ spec }) => spec.claimRef?.namespace === NAMESPACE);
        const volumes = await eventually("the volumes are removed", () => (ofJob().length === 0 ? true : undefined));
        expect(volumes).toBe(true);
    });
});

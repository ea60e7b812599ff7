import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as fc from "fast-check";

import { Cluster } from "../../../components/contracts";
import { InvalidConfiguration } from "../../../components/problems";
import { packageCode } from "../../../components/training/code";
import { Framework } from "../../../components/training/framework";
import { resolveTrainingJob } from "../../../components/training/resolve-job";

const pool = { name: "a", resource: "nvidia.com/gpu", gpusPerNode: 4, maxNodes: 2, nodeLabels: { pool: "a" } };
const cluster: Cluster = { name: "c", kubernetesVersion: "1.36", gpuPools: [pool] };
const job = { framework: Framework.Torch, cluster, command: ["true"] };

describe("resolveTrainingJob", () => {
    it("starts the script of a code directory with the framework's launcher", () => {
        const spec = resolveTrainingJob({ framework: Framework.Torch, cluster, codeDirectory: "src" }, "digits");
        expect(spec.command).toEqual(["torchrun", "/workspace/code/train.py"]);
    });

    it("takes one process for each GPU and the labels of the pool", () => {
        const spec = resolveTrainingJob({ ...job, gpus: 2, nodes: 4 }, "digits");
        expect(spec).toMatchObject({ processesPerNode: 2, gpu: { count: 2, nodeLabels: { pool: "a" } } });
    });

    it.each([
        ["GPUs beyond the pool", { gpus: 5 }, /digits\.gpus: "5 on each of 1 nodes" .*a: 2 × 4/],
        ["nodes beyond the pool", { gpus: 3, nodes: 3 }, /digits\.gpus: "3 on each of 3 nodes"/],
        ["a pool that is not there", { gpus: 1, gpuPool: "b" }, /digits\.gpuPool: "b" .*\(a\)/],
        ["half a node", { nodes: 1.5 }, /digits\.nodes: 1\.5/],
        ["a quantity that is none", { memory: "lots" }, /digits\.memory: "lots"/],
        ["an unknown framework", { framework: "caffe" as Framework }, /digits\.framework: "caffe" .*torch, plain/],
        ["an access mode that is none", { output: { accessMode: "RWX" } }, /digits\.output\.accessMode: "RWX"/],
        ["nothing to run", { command: undefined as never }, /digits\.command/],
    ])("refuses %s", (_, change, message) => {
        expect(() => resolveTrainingJob({ ...job, ...change }, "digits")).toThrow(message);
    });

    it("accepts GPU requests exactly when the pool can hold all nodes at once", () => {
        const positive = fc.integer({ min: 1, max: 9 });
        fc.assert(
            fc.property(positive, positive, positive, positive, (gpus, nodes, gpusPerNode, maxNodes) => {
                const sized = { ...cluster, gpuPools: [{ ...pool, gpusPerNode, maxNodes }] };
                const resolved = () => resolveTrainingJob({ ...job, cluster: sized, gpus, nodes }, "j");
                if (Math.floor(gpusPerNode / gpus) * maxNodes >= nodes) expect(resolved().gpu?.count).toBe(gpus);
                else expect(resolved).toThrow(InvalidConfiguration);
            }),
        );
    });
});

describe("packageCode", () => {
    let directory: string;
    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), "mlp-code-"));
        mkdirSync(join(directory, "lib", "__pycache__"), { recursive: true });
        writeFileSync(join(directory, "train.py"), "print(1)");
        writeFileSync(join(directory, "lib", "net.py"), "x = 1");
        writeFileSync(join(directory, "lib", "__pycache__", "net.pyc"), "junk");
        writeFileSync(join(directory, ".secret"), "no");
    });
    afterEach(() => rmSync(directory, { recursive: true }));

    it("keeps paths and contents, and leaves hidden files and caches out", () => {
        const { files, items } = packageCode(directory, "train.py", "digits");
        expect(items.map(({ path }) => path)).toEqual(["lib/net.py", "train.py"]);
        expect(items.map(({ key }) => Buffer.from(files[key] ?? "", "base64").toString())).toEqual([
            "x = 1",
            "print(1)",
        ]);
    });

    it("gives the same digest for the same files, and another one for any change", () => {
        const before = packageCode(directory, "train.py", "digits").digest;
        expect(packageCode(directory, "train.py", "digits").digest).toBe(before);
        writeFileSync(join(directory, "lib", "net.py"), "x = 2");
        expect(packageCode(directory, "train.py", "digits").digest).not.toBe(before);
    });

    it.each([
        ["a directory that is not there", "missing", "train.py", /digits\.codeDirectory: .*a directory that exists/],
        [
            "an entry point that is not there",
            ".",
            "main.py",
            /digits\.entrypoint: "main\.py" .*lib\/net\.py, train\.py/,
        ],
    ])("refuses %s", (_, below, entrypoint, message) => {
        expect(() => packageCode(join(directory, below), entrypoint, "digits")).toThrow(message);
    });

    it("refuses more code than a ConfigMap can hold, and says what to do", () => {
        writeFileSync(join(directory, "data.bin"), Buffer.alloc(800 * 1024));
        expect(() => packageCode(directory, "train.py", "digits")).toThrow(/KiB.*build an image/);
    });
});

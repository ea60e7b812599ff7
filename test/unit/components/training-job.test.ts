import * as fc from "fast-check";

import { Cluster } from "../../../components/contracts";
import { InvalidConfiguration } from "../../../components/problems";
import { Framework } from "../../../components/training/framework";
import { resolveTrainingJob } from "../../../components/training/resolve-job";

const pool = { name: "a", resource: "nvidia.com/gpu", gpusPerNode: 4, maxNodes: 2, nodeLabels: { pool: "a" } };
const cluster: Cluster = { name: "c", kubernetesVersion: "1.36", gpuPools: [pool] };
const job = { framework: Framework.Torch, cluster, command: ["true"] };

const data = (...paths: string[]) => ({ data: paths.map((mountPath) => ({ claimName: "c", mountPath })) });
const env = (...names: string[]) => ({ env: names.map((name) => ({ name, value: "1" })) });

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
        ["a binary quantity in small letters", { memory: "4ki" }, /digits\.memory: "4ki"/],
        ["no CPU at all", { cpu: "0" }, /digits\.cpu: "0" .*above 0/],
        [
            "processes with a framework that starts one on each node",
            { framework: Framework.Plain, processesPerNode: 2 },
            /digits\.processesPerNode: 2 .*left out with plain/,
        ],
        ["data at a relative path", data("data"), /digits\.data\[0\]\.mountPath: "data" .*absolute/],
        ["data over the output", data("/workspace/output/"), /digits\.data\[0\]\.mountPath: "\/workspace/],
        ["data over everything", data("/"), /digits\.data\[0\]\.mountPath: "\/"/],
        ["two volumes at one path", data("/data", "/data/"), /digits\.data\[1\]\.mountPath: "\/data\/"/],
        ["another output than ours", env("MLP_OUTPUT"), /digits\.env\[0\]\.name: "MLP_OUTPUT"/],
        ["a variable that stands twice", env("SEED", "SEED"), /digits\.env\[1\]\.name: "SEED" .*once/],
        ["nothing to run", { command: undefined as never }, /digits\.command/],
    ])("refuses %s", (_, change, message) => {
        expect(() => resolveTrainingJob({ ...job, ...change }, "digits")).toThrow(message);
    });

    it.each(["500m", "2", "1.5", "4Gi", "1k", "100M"])("takes %s for a quantity", (memory) => {
        expect(resolveTrainingJob({ ...job, memory }, "digits").memory).toBe(memory);
    });

    it("counts no processes where the framework starts one on each node", () => {
        const spec = resolveTrainingJob({ ...job, framework: Framework.Plain, gpus: 2 }, "digits");
        expect(spec.processesPerNode).toBeUndefined();
    });

    it("takes several volumes and variables", () => {
        const more = { ...data("/data", "/data/more", "/workspaces"), ...env("A", "B") };
        expect(() => resolveTrainingJob({ ...job, ...more }, "digits")).not.toThrow();
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

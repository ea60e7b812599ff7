import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { removeEmbeddedStacks } from "../../../cli/local-stacks";
import { dataDir } from "../../../toolchain/paths";
import { temporaryData } from "./temporary-data";

const STATE = "state/.pulumi";

function write(path: string, text = "{}"): string {
    const file = dataDir(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
}

const platform = (stack: string, kind: string) => [
    write(`${STATE}/stacks/mlp/${stack}.json`),
    write(`${STATE}/history/mlp/${stack}/1.json`),
    write(`stacks/mlp/Pulumi.${stack}.yaml`, `config: { mlp:platform: { cluster: { kind: ${kind} } } }\n`),
];

const example = () =>
    ["training", "pipeline"].flatMap((name) => [
        write(`${STATE}/stacks/mlp-example-${name}/local.json`),
        write(`stacks/mlp-example-${name}/Pulumi.local.yaml`),
    ]);

const test = () => write(`${STATE}/stacks/mlp-test-certificate/test.json`);

const there = (files: readonly string[]) => files.filter((file) => existsSync(file));

describe("removeEmbeddedStacks", () => {
    temporaryData();

    it("removes everything where every stack is on the embedded cluster", () => {
        const gone = [...platform("local", "embedded"), ...example(), test(), write("passphrase")];
        expect(removeEmbeddedStacks()).toEqual([]);
        expect(there(gone)).toEqual([]);
    });

    it("keeps stacks of other clusters, and the passphrase of their secrets", () => {
        const gone = [
            ...platform("local", "embedded"),
            write(`${STATE}/stacks/mlp/local.json.bak`),
            ...example(),
            test(),
        ];
        const kept = [...platform("prod", "existing"), write(`${STATE}/stacks/theirs/dev.json`), write("passphrase")];
        expect(removeEmbeddedStacks()).toEqual([
            { project: "mlp", stack: "prod" },
            { project: "theirs", stack: "dev" },
        ]);
        expect(there(gone)).toEqual([]);
        expect(there(kept)).toEqual(kept);
    });

    it("keeps a stack whose file cannot be read or is gone", () => {
        const kept = [write("stacks/mlp/Pulumi.a.yaml", "config: {"), write(`${STATE}/stacks/mlp/nowhere.json`)];
        expect(removeEmbeddedStacks().map(({ stack }) => stack)).toEqual(["nowhere", "a"]);
        expect(there(kept)).toEqual(kept);
    });

    it("has nothing to do where there is nothing", () => {
        expect(removeEmbeddedStacks()).toEqual([]);
    });
});

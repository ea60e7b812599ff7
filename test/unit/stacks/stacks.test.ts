import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { references } from "../../../images/catalogue";
import { InvalidConfiguration, PlatformSpec, resolve } from "../../../infra/resolve";
import { surroundingsOf } from "../../../infra/stack-file";
import { exampleLock } from "./lock";

const FOLDER = join(__dirname, "../../../stacks");
const files = readdirSync(FOLDER).filter((name) => /^Pulumi\..+\.yaml$/.test(name));

interface StackFile {
    readonly config: Readonly<Record<string, unknown>>;
}

function contents(file: string): string {
    return readFileSync(join(FOLDER, file), "utf8");
}

function specOf(stack: string, lock = exampleLock()): PlatformSpec {
    const input = (parse(contents(`Pulumi.${stack}.yaml`)) as StackFile).config["mlp:platform"];
    return resolve(input, references(), { ...surroundingsOf(input), lock, today: "2026-11-24" });
}

const stacks = files.map((file) => file.replace(/^Pulumi\.|\.yaml$/g, ""));

describe("the stack files", () => {
    it("are those of four environments, two of them in two layers", () => {
        expect(stacks.sort()).toEqual(["dev", "local", "prod", "prod-cluster", "staging", "staging-cluster"]);
    });

    it.each(stacks)("%s resolves", (stack) => {
        expect(specOf(stack).environment).toBe(stack.replace(/-cluster$/, ""));
    });

    it.each(files)("%s is read in a minute, forbids default providers, and marks what is somebody's own", (file) => {
        const text = contents(file);
        expect(text.split("\n").length).toBeLessThan(45);
        expect((parse(text) as StackFile).config["pulumi:disable-default-providers"]).toEqual(["*"]);
        const lines = text.split("\n");
        const unmarked = lines.filter(
            (line) => /111122223333|example\.org|4711|cr-0/.test(line) && !/# YOURS/.test(line),
        );
        // A list entry over several lines is marked at its head.
        expect(unmarked.filter((line) => !line.includes("reservationId"))).toEqual([]);
    });

    it("keep dev cheap and let prod be reached from within its VPC alone, in three zones, protected", () => {
        const dev = specOf("dev");
        const prod = specOf("prod-cluster");
        expect(dev).toMatchObject({ protect: false, cluster: { eks: { network: { natGateways: "single" } } } });
        expect(prod).toMatchObject({
            protect: true,
            cluster: { eks: { network: { natGateways: "per-zone" }, endpoint: { allowedCidrs: [] } } },
        });
        expect(specOf("prod")).toMatchObject({
            layer: "platform",
            protect: true,
            cluster: { account: "111122223333" },
        });
    });

    it("make a platform's stack say which images to push where none was", () => {
        expect(() => specOf("prod", { images: {} })).toThrow(InvalidConfiguration);
        expect(() => specOf("prod", { images: {} })).toThrow(
            /images\.plain-runtime.*`mlp images push plain-runtime --to/,
        );
        // A cluster comes before a registry; in prod policy wants even Karpenter by digest.
        expect(() => specOf("staging-cluster", { images: {} })).not.toThrow();
        expect(() => specOf("prod-cluster", { images: {} })).toThrow(
            /images\.karpenter.*`mlp images mirror karpenter --to/,
        );
    });
});

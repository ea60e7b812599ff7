import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../../../cli/errors";
import { specOf } from "../../../cli/local";
import { overrideIn, passphraseFile, platformConfigIn, PLATFORM, workingCopy } from "../../../cli/stack-files";
import { dataDir } from "../../../toolchain/paths";
import { temporaryData } from "./temporary-data";

describe("stack files", () => {
    const folder = temporaryData();
    const file = () => join(folder(), "Pulumi.dev.yaml");
    const write = (text: string) => writeFileSync(file(), text);

    it("give the value of mlp:platform, aliases followed", () => {
        write("config:\n  other: &name dev\n  mlp:platform: { environment: *name }\n");
        expect(platformConfigIn(file())).toEqual({ environment: "dev" });
    });

    it.each(["", "config:\n", "config: hello\n"])("give nothing where there is none: %j", (text) => {
        write(text);
        expect(platformConfigIn(file())).toBeUndefined();
    });

    it.each([
        ["config:\n  mlp:platform:\n    environment: dev: x\n", /Pulumi\.dev\.yaml:3: Nested mappings [^\n]*$/],
        ["config:\n  mlp:platform: {\n", /Pulumi\.dev\.yaml:\d+: /],
        ["- config\n", /Pulumi\.dev\.yaml:1: a stack file is a mapping/],
        ["config:\n  mlp:platform: *nowhere\n", /Pulumi\.dev\.yaml.*nowhere/],
    ])("tell the line of a mistake: %j", (text, message) => {
        write(text);
        expect(() => platformConfigIn(file())).toThrow(UserError);
        expect(() => platformConfigIn(file())).toThrow(message);
    });

    it("leave a value of the wrong type to the schema", () => {
        write("config:\n  mlp:platform: hello\n");
        const stacks = jest.replaceProperty(PLATFORM, "stacks", folder());
        try {
            expect(() => specOf("dev")).toThrow(/mlp:platform: "hello" is not allowed/);
        } finally {
            stacks.restore();
        }
    });

    it("give the copy other values for one run, beside all that they say", () => {
        const project = { name: "p", directory: folder(), stacks: folder() };
        write("config: { mlp:platform: { environment: dev, cluster: { kind: eks, protect: true } } }\n");
        const copy = workingCopy(project, "dev");
        overrideIn(project, "dev", [
            { path: ["layer"], value: "cluster" },
            { path: ["cluster", "protect"], value: false },
        ]);
        const overridden = { environment: "dev", cluster: { kind: "eks", protect: false }, layer: "cluster" };
        expect(platformConfigIn(copy)).toEqual(overridden);
        expect(platformConfigIn(workingCopy(project, "dev"))).not.toEqual(overridden);
    });

    it("are copied for Pulumi with the salt of the copy, and stay as they are", () => {
        const project = { name: "p", directory: folder(), stacks: folder() };
        write("# ours\nconfig: { a: b }\n");
        const copy = workingCopy(project, "dev");
        writeFileSync(copy, `${readFileSync(copy, "utf8")}encryptionsalt: v1:x\n`);
        write("# ours\nconfig: { a: c }\n");
        expect(workingCopy(project, "dev")).toBe(copy);
        expect(readFileSync(copy, "utf8")).toBe("# ours\nconfig: { a: c }\nencryptionsalt: v1:x\n");
        expect(readFileSync(file(), "utf8")).toBe("# ours\nconfig: { a: c }\n");
    });
});

describe("the passphrase", () => {
    temporaryData();

    it("is made once, for its owner alone, and leaves no draft", () => {
        const file = passphraseFile();
        const text = readFileSync(file, "utf8");
        expect(text).toMatch(/^[\w-]{32}\n$/);
        expect(statSync(file).mode & 0o777).toBe(0o600);
        expect(readFileSync(passphraseFile(), "utf8")).toBe(text);
        expect(readdirSync(dataDir())).toEqual(["passphrase"]);
    });
});

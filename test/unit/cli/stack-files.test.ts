import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { UserError } from "../../../cli/errors";
import { specOf } from "../../../cli/local";
import { platformConfigIn, PLATFORM, Project, workingCopy } from "../../../cli/stack-files";

describe("stack files", () => {
    const { XDG_DATA_HOME } = process.env;
    let folder: string;
    let file: string;
    let project: Project;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "mlp-stack-files-"));
        file = join(folder, "Pulumi.dev.yaml");
        project = { name: "p", directory: folder, stacks: folder };
        process.env.XDG_DATA_HOME = join(folder, "data");
    });
    afterEach(() => {
        rmSync(folder, { recursive: true });
        if (XDG_DATA_HOME === undefined) delete process.env.XDG_DATA_HOME;
        else process.env.XDG_DATA_HOME = XDG_DATA_HOME;
    });
    const write = (text: string) => writeFileSync(file, text);

    it("give the value of mlp:platform, aliases followed", () => {
        write("config:\n  other: &name dev\n  mlp:platform: { environment: *name }\n");
        expect(platformConfigIn(file)).toEqual({ environment: "dev" });
    });

    it.each(["", "config:\n", "config: hello\n"])("give nothing where there is none: %j", (text) => {
        write(text);
        expect(platformConfigIn(file)).toBeUndefined();
    });

    it.each([
        ["config:\n  mlp:platform:\n    environment: dev: x\n", /Pulumi\.dev\.yaml:3: Nested mappings [^\n]*$/],
        ["config:\n  mlp:platform: {\n", /Pulumi\.dev\.yaml:\d+: /],
        ["- config\n", /Pulumi\.dev\.yaml:1: a stack file is a mapping/],
        ["config:\n  mlp:platform: *nowhere\n", /Pulumi\.dev\.yaml.*nowhere/],
    ])("tell the line of a mistake: %j", (text, message) => {
        write(text);
        expect(() => platformConfigIn(file)).toThrow(UserError);
        expect(() => platformConfigIn(file)).toThrow(message);
    });

    it("leave a value of the wrong type to the schema", () => {
        write("config:\n  mlp:platform: hello\n");
        const stacks = jest.replaceProperty(PLATFORM, "stacks", folder);
        try {
            expect(() => specOf("dev")).toThrow(/mlp:platform: "hello" is not allowed/);
        } finally {
            stacks.restore();
        }
    });

    it("are copied for Pulumi with the salt of the copy, and stay as they are", () => {
        write("# ours\nconfig: { a: b }\n");
        const copy = workingCopy(project, "dev");
        writeFileSync(copy, `${readFileSync(copy, "utf8")}encryptionsalt: v1:x\n`);
        write("# ours\nconfig: { a: c }\n");
        expect(workingCopy(project, "dev")).toBe(copy);
        expect(readFileSync(copy, "utf8")).toBe("# ours\nconfig: { a: c }\nencryptionsalt: v1:x\n");
        expect(readFileSync(file, "utf8")).toBe("# ours\nconfig: { a: c }\n");
    });
});

import { accessSync, constants, existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { parse } from "yaml";

import { InvalidConfiguration, resolve } from "../../../infra/resolve";
import { references } from "../../../images/catalogue";
import * as packageJson from "../../../package.json";
import { anchors, page, pages, relativeLinks, ROOT, snippets, wordsAfter } from "./pages";
import { typeErrors } from "./snippet";

const readme = page("README.md");

describe.each(pages().map((one) => [one.path, one] as const))("%s", (_path, one) => {
    it("names only npm scripts that exist", () => {
        const named = wordsAfter(/npm run(?: --silent)?/, one);
        expect(named.filter((script) => !(script in packageJson.scripts))).toEqual([]);
    });

    it("names only commands of mlp that exist", () => {
        const named = [...wordsAfter(/`mlp/, one), ...wordsAfter(/npx mlp/, one)];
        expect(named.filter((command) => !commands().includes(command))).toEqual([]);
    });

    it("links only to files and headings that exist", () => {
        const broken = relativeLinks(one).filter((link) => {
            const [path = "", anchor] = link.split("#");
            const target = path === "" ? one.path : join(dirname(one.path), path);
            if (!existsSync(join(ROOT, target))) return true;
            return anchor !== undefined && target.endsWith(".md") && !anchors(page(target)).includes(anchor);
        });
        expect(broken).toEqual([]);
    });
});

describe("the README", () => {
    it("shows a stack file that resolves", () => {
        const [yaml = ""] = snippets(readme, "yaml");
        const file = parse(yaml) as { config: Record<string, unknown> };
        expect(() => resolve(file.config["mlp:platform"], references())).not.toThrow(InvalidConfiguration);
    });

    it("shows a program that compiles against the components", () => {
        const programs = snippets(readme, "ts");
        expect(programs).toHaveLength(1);
        expect(programs.flatMap(typeErrors)).toEqual([]);
    });

    it("quotes lines that the product prints", () => {
        const quoted = [...section("Troubleshooting").matchAll(/^\| `([^`]+)`/gm)].map(([, line = ""]) => line);
        expect(quoted.length).toBeGreaterThan(5);
        const sources = ["cli", "components", "infra", "toolchain"].flatMap(sourcesBelow).join("\n");
        expect(quoted.filter((line) => !sources.includes(line))).toEqual([]);
    });

    it("has a row for every test layer and every folder", () => {
        const layers = readdirSync(join(ROOT, "test"), { withFileTypes: true })
            .filter((entry) => entry.isDirectory() && !["support", "bench", "output"].includes(entry.name))
            .map(({ name }) => name);
        const folders = ["infra", "components", "stacks", "policies", "cli", "images", "toolchain", "examples", "docs"];
        expect(layers.filter((layer) => !section("Tests").includes(`| \`${layer}\` `))).toEqual([]);
        expect(folders.filter((folder) => !section("Layout").includes(`| \`${folder}/\` `))).toEqual([]);
    });
});

describe("npx mlp", () => {
    it("may be executed: npx links the file as it is", () => {
        expect(() => accessSync(join(ROOT, packageJson.bin.mlp), constants.X_OK)).not.toThrow();
    });
});

describe("docs/README.md", () => {
    it("lists every page", () => {
        const listed = relativeLinks(page("docs/README.md")).map((link) => join("docs", link));
        const all = pages().map(({ path }) => path);
        expect(
            all.filter((path) => !["README.md", "docs/README.md", "stacks/README.md", ...listed].includes(path)),
        ).toEqual([]);
    });
});

function section(title: string): string {
    return readme.text.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? "";
}

function commands(): string[] {
    const main = readFileSync(join(ROOT, "cli/main.ts"), "utf8");
    return [...main.matchAll(/\.command\("([\w-]+)"\)/g)].map(([, name = ""]) => name);
}

function sourcesBelow(folder: string): string[] {
    return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
        .filter(({ name, parentPath }) => name.endsWith(".ts") && !parentPath.includes("node_modules"))
        .map(({ name, parentPath }) => readFileSync(join(parentPath, name), "utf8"));
}

import { join } from "node:path";

import { buildSync } from "esbuild";

import { repositoryRoot } from "../paths";

/** What its image runs. */
export const PROGRAM = "main.mjs";

const bundles = new Map<string, string>();

/**
 * A service of ours in TypeScript as one file with everything that it imports, so that its image needs Node alone. Built
 * once in a process: it is part of its image's key as well.
 */
export function bundledProgram(service: string, entryPoint: string): string {
    const file = join(repositoryRoot, service, entryPoint);
    const known = bundles.get(file);
    if (known !== undefined) return known;
    const { outputFiles } = buildSync({
        entryPoints: [file],
        bundle: true,
        platform: "node",
        target: "node20",
        format: "esm",
        // What is written for CommonJS asks for Node's own modules by a function that an ES module has not.
        banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
        legalComments: "inline",
        // Paths in comments would be those of this machine otherwise.
        absWorkingDir: repositoryRoot,
        write: false,
    });
    const text = outputFiles[0]?.text ?? "";
    bundles.set(file, text);
    return text;
}

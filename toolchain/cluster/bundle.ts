import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { buildSync } from "esbuild";

import { HostLayout } from "./layout";

/**
 * The keeper, the supervisor and what it starts as self-contained files in the state's folder: a cluster keeps running
 * when the checkout moves. Their digest is part of the folder's name.
 */
export function bundlePrograms(layout: HostLayout): { folder: string; digest: string } {
    const { outputFiles } = buildSync({
        entryPoints: ["keeper.ts", "supervisor.ts", "network-policy-stand-in.ts"].map((file) => join(__dirname, file)),
        outdir: ".",
        bundle: true,
        platform: "node",
        target: "node20",
        write: false,
    });
    const digest = outputFiles
        .reduce((hash, { contents }) => hash.update(contents), createHash("sha256"))
        .digest("hex")
        .slice(0, 16);
    const folder = join(layout.run, `program-${digest}`);
    if (!existsSync(folder)) {
        // Whole or not at all, also when two starts write the same at once.
        const scratch = `${folder}.${process.pid}`;
        mkdirSync(scratch, { recursive: true, mode: 0o700 });
        for (const { path, contents } of outputFiles) writeFileSync(join(scratch, basename(path)), contents);
        try {
            renameSync(scratch, folder);
        } catch (error) {
            rmSync(scratch, { recursive: true });
            if (!existsSync(folder)) throw error;
        }
    }
    return { folder, digest };
}

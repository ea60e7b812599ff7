import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { ImageArchive } from "../../toolchain/cluster";

/** The same OCI image under another reference, as a new release would come. */
export function renamed(image: ImageArchive, reference: string): ImageArchive {
    const folder = mkdtempSync(join(tmpdir(), "mlp-image-"));
    execFileSync("tar", ["--extract", `--file=${image.archive}`, `--directory=${folder}`]);
    const index = readFileSync(join(folder, "index.json"), "utf8").replaceAll(image.reference, reference);
    writeFileSync(join(folder, "index.json"), index);
    const archive = `${folder}.tar`;
    execFileSync("tar", ["--create", `--file=${archive}`, `--directory=${folder}`, "."]);
    rmSync(folder, { recursive: true });
    return { ...image, archive, reference };
}

import { execFile } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { node } from "./layout";
import { ImageArchive } from "./types";

const run = promisify(execFile);
/** What was imported, by reference; lies beside containerd's own data, so that both are purged together. */
const RECORD = join(node.containerd, "mlp-imported.json");

type Digests = Readonly<Record<string, string>>;

/** The images that are missing or were last imported with another digest. */
export function imagesToImport(
    images: readonly ImageArchive[],
    imported: Digests,
    present: ReadonlySet<string>,
): ImageArchive[] {
    return images.filter(({ reference, digest }) => imported[reference] !== digest || !present.has(reference));
}

/** Imports what changed, one image after the other; returns the references of those. */
export async function importImages(images: readonly ImageArchive[]): Promise<string[]> {
    const wanted = imagesToImport(images, readRecord(), await presentImages());
    for (const { reference, archive, digest } of wanted) {
        try {
            await ctr("images", "import", archive);
        } catch (error) {
            throw new Error(`Image ${reference} could not be imported from ${archive}: ${reason(error)}`);
        }
        if (!(await presentImages()).has(reference)) {
            throw new Error(`The archive ${archive} does not hold the image ${reference} that it was said to hold.`);
        }
        // After each one, so that an interruption costs one image at most.
        const scratch = `${RECORD}.new`;
        writeFileSync(scratch, JSON.stringify({ ...readRecord(), [reference]: digest }));
        renameSync(scratch, RECORD);
    }
    return wanted.map(({ reference }) => reference);
}

async function presentImages(): Promise<Set<string>> {
    return new Set((await ctr("images", "list", "--quiet")).split("\n"));
}

async function ctr(...args: string[]): Promise<string> {
    const { stdout } = await run("ctr", ["--address", node.containerdSocket, "--namespace", "k8s.io", ...args], {
        maxBuffer: 16 * 1024 * 1024,
    });
    return stdout;
}

function reason(error: unknown): string {
    const { stderr, message } = error as { stderr?: string; message: string };
    return (stderr?.trim() ?? "") || message;
}

function readRecord(): Digests {
    try {
        return JSON.parse(readFileSync(RECORD, "utf8")) as Digests;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
        throw error;
    }
}

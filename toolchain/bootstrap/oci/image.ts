import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ToolchainError } from "../errors";
import { writeTar, type TarMember, type Written } from "./tar";

/** An image on disk: `archive` is an OCI archive that names its own reference. */
export interface ImageArchive {
    readonly reference: string;
    readonly archive: string;
    /** Of the image's manifest. */
    readonly digest: string;
}

/** What an image runs, and as whom. */
export interface ImageConfig {
    readonly entrypoint: readonly string[];
    readonly command: readonly string[];
    readonly user: string;
}

interface Descriptor {
    readonly mediaType: string;
    readonly digest: string;
    readonly size: number;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly platform?: { readonly architecture: string; readonly os: string };
}

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const CONFIG = "application/vnd.oci.image.config.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar";
const EPOCH = "1970-01-01T00:00:00Z";

/** The image's architecture in Go's words. */
export function imageArchitecture(): string {
    return process.arch === "x64" ? "amd64" : process.arch;
}

/** Makes an image of one layer tar (which it moves away) as an OCI layout in `layout`. */
export async function layoutOfLayer(layout: string, layerTar: string, config: ImageConfig): Promise<void> {
    await mkdir(blobFolder(layout), { recursive: true });
    const layer = await describeFile(layerTar);
    await rename(layerTar, blobPath(layout, layer.digest));
    const architecture = imageArchitecture();
    const configuration = await writeBlob(layout, {
        created: EPOCH,
        architecture,
        os: "linux",
        config: {
            User: config.user,
            Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            Entrypoint: config.entrypoint,
            Cmd: config.command,
            WorkingDir: "/",
        },
        rootfs: { type: "layers", diff_ids: [layer.digest] },
        history: [{ created: EPOCH, created_by: "mlp toolchain" }],
    });
    const manifest = await writeBlob(layout, {
        schemaVersion: 2,
        mediaType: MANIFEST,
        config: { mediaType: CONFIG, ...configuration },
        layers: [{ mediaType: LAYER, ...layer }],
    });
    await writeIndex(layout, { mediaType: MANIFEST, ...manifest, platform: { architecture, os: "linux" } });
}

/** Turns what buildah and skopeo call `dir:` (manifest and blobs side by side) into an OCI layout, moving the blobs. */
export async function layoutOfFolder(layout: string, folder: string): Promise<void> {
    await mkdir(blobFolder(layout), { recursive: true });
    const bytes = await readFile(join(folder, "manifest.json"));
    const manifest = JSON.parse(bytes.toString("utf8")) as { mediaType?: string };
    for (const name of await readdir(folder)) {
        if (/^[0-9a-f]{64}$/.test(name)) await rename(join(folder, name), join(blobFolder(layout), name));
    }
    const digest = digestOf(bytes);
    await writeFile(blobPath(layout, digest), bytes);
    const platform = { architecture: imageArchitecture(), os: "linux" };
    await writeIndex(layout, { mediaType: manifest.mediaType ?? MANIFEST, digest, size: bytes.length, platform });
}

/** The name under which a node looks an image up: of a reference with tag and digest, the digest decides. */
export function storedName(reference: string): string {
    return reference.replace(/:[^:@/]+@/, "@");
}

/** Packs an OCI layout of one image into an archive that containerd imports under `reference`. */
export async function archiveLayout(layout: string, reference: string, archive: string): Promise<ImageArchive> {
    const index = JSON.parse(await readFile(join(layout, "index.json"), "utf8")) as { manifests: Descriptor[] };
    const [manifest, ...others] = index.manifests;
    if (manifest === undefined || others.length > 0) {
        throw new ToolchainError(`${reference}: ${index.manifests.length} images in ${layout}, expected exactly one`);
    }
    const name = storedName(reference);
    const annotations = {
        // containerd's importer reads the first, buildah and skopeo the second.
        "io.containerd.image.name": name,
        "org.opencontainers.image.ref.name": name,
    };
    await writeIndex(layout, { ...manifest, annotations });
    const blobs = (await readdir(blobFolder(layout))).sort();
    const file = (path: string): TarMember => ({
        type: "file",
        path,
        mode: 0o644,
        content: { file: join(layout, path) },
    });
    await writeTar(archive, [
        { type: "file", path: "oci-layout", mode: 0o644, content: Buffer.from('{"imageLayoutVersion":"1.0.0"}') },
        file("index.json"),
        { type: "directory", path: "blobs", mode: 0o755 },
        { type: "directory", path: "blobs/sha256", mode: 0o755 },
        ...blobs.map((name) => file(`blobs/sha256/${name}`)),
    ]);
    await rm(layout, { recursive: true });
    return { reference: name, archive, digest: manifest.digest };
}

async function writeIndex(layout: string, manifest: Descriptor): Promise<void> {
    const index = { schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: [manifest] };
    await writeFile(join(layout, "index.json"), JSON.stringify(index));
}

async function writeBlob(layout: string, value: unknown): Promise<Written> {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = digestOf(bytes);
    await writeFile(blobPath(layout, digest), bytes);
    return { digest, size: bytes.length };
}

function digestOf(bytes: Buffer): string {
    return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

async function describeFile(path: string): Promise<Written> {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return { digest: `sha256:${hash.digest("hex")}`, size: (await stat(path)).size };
}

function blobFolder(layout: string): string {
    return join(layout, "blobs", "sha256");
}

function blobPath(layout: string, digest: string): string {
    return join(blobFolder(layout), digest.replace("sha256:", ""));
}

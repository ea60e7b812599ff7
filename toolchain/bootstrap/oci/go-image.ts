import { join } from "node:path";
import { posix } from "node:path";
import { rootCertificates } from "node:tls";
import type { CatalogueEntry } from "../../../images/catalogue";
import { layoutOfLayer } from "./image";
import { writeTar, type TarMember } from "./tar";

/** Raise it when the content of such images changes without their binary changing. */
export const GO_IMAGE_FORMAT = "2";

/**
 * Content types of what machine learning leaves behind, which Go does not know by itself: browsers show such an artifact
 * instead of keeping it as a file.
 */
const MIME_TYPES = `application/gzip gz tgz
application/json ipynb
application/octet-stream bin ckpt joblib npy onnx pkl pt pth safetensors
application/vnd.apache.parquet parquet
application/x-ndjson jsonl ndjson
application/x-tar tar
application/yaml yaml yml
application/zip npz zip
text/csv csv
text/markdown md
text/plain conf log txt
text/tab-separated-values tsv
text/x-python py
`;

/**
 * An image that holds one static executable, the public root certificates, the types of files by their names, and the user
 * it runs as.
 */
export async function writeGoImage(
    folder: string,
    layout: string,
    binary: string,
    entrypoint: string,
    { user }: Pick<CatalogueEntry, "user">,
): Promise<void> {
    const layer = join(folder, "layer.tar");
    await writeTar(layer, members(binary, entrypoint, user));
    await layoutOfLayer(layout, layer, { entrypoint: [entrypoint], command: [], user: `${user}:${user}` });
}

/** The roots that Node ships: the host's own bundle may hold certificates that are nobody else's business. */
export function certificateBundle(): string {
    return `${rootCertificates.join("\n")}\n`;
}

function members(binary: string, entrypoint: string, user: number): TarMember[] {
    const file = (path: string, text: string): TarMember => ({
        type: "file",
        path,
        mode: 0o644,
        content: Buffer.from(text),
    });
    const executable = entrypoint.replace(/^\//, "");
    const folders = ["etc", "etc/ssl", "etc/ssl/certs", ...foldersAbove(executable)];
    return [
        ...folders.map((path): TarMember => ({ type: "directory", path, mode: 0o755 })),
        { type: "directory", path: "tmp", mode: 0o1777 },
        file("etc/group", user === 0 ? "root:x:0:\n" : `root:x:0:\nnonroot:x:${user}:\n`),
        file("etc/passwd", passwd(user)),
        file("etc/ssl/certs/ca-certificates.crt", certificateBundle()),
        file("etc/mime.types", MIME_TYPES),
        { type: "file", path: executable, mode: 0o755, content: { file: binary } },
    ];
}

function passwd(user: number): string {
    const root = "root:x:0:0:root:/:/sbin/nologin\n";
    return user === 0 ? root : `${root}nonroot:x:${user}:${user}:nonroot:/tmp:/sbin/nologin\n`;
}

function foldersAbove(path: string): string[] {
    const above = posix.dirname(path);
    return above === "." ? [] : [...foldersAbove(above), above];
}

import { statSync } from "node:fs";

import { catalogue, referenceOf, type ImageName } from "../../images/catalogue";
import { bootstrap, inspect } from "../bootstrap";
import { ToolchainError } from "../bootstrap/errors";
import { imageArchitecture } from "../bootstrap/oci/image";
import { answer } from "../bootstrap/run";
import type { Progress } from "../progress";

/** An image that lies in the cache. */
export interface MadeImage {
    readonly archive: string;
    /** Of the manifest in the archive; a registry packs the layers anew, so that its digest is another. */
    readonly digest: string;
    /** Of its configuration. */
    readonly config: string;
    readonly bytes: number;
    /** Pulled from its publisher, or built by our recipe. */
    readonly origin: "pulled" | "built";
    readonly platform: string;
}

/** Pulls or builds one image, or finds it. */
export async function makeImage(name: ImageName, progress: Progress, signal: AbortSignal): Promise<MadeImage> {
    const piece = `image-${name}` as const;
    const { images } = await bootstrap({ progress, signal, only: [piece] });
    const [image] = images;
    const [status] = await inspect([piece]);
    if (image === undefined || status?.state !== "ready") throw new Error(`${piece} is not there after it was made`);
    const { archive, digest } = image;
    return {
        archive,
        digest,
        config: configOf(name, archive, digest),
        bytes: statSync(archive).size,
        origin: status.origin === "pulled" ? "pulled" : "built",
        platform: `linux/${imageArchitecture()}`,
    };
}

function configOf(name: ImageName, archive: string, digest: string): string {
    const blob = `blobs/${digest.replace(":", "/")}`;
    const manifest = answer(["tar", "--extract", "--to-stdout", "--occurrence=1", "--file", archive, blob]);
    if (manifest === undefined) {
        throw new ToolchainError(
            `${referenceOf(catalogue[name])}: ${archive} is damaged; delete its folder to make it anew`,
        );
    }
    return (JSON.parse(manifest) as { config: { digest: string } }).config.digest;
}

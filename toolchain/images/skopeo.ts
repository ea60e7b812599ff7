import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { promisify } from "node:util";

import { cacheDir } from "../paths";
import { logPath } from "../bootstrap/entry";
import { Interrupted, ToolchainError } from "../bootstrap/errors";
import { run } from "../bootstrap/run";
import { ImageError, isAbsent, refusalOf } from "./refusals";
import type { RegistryTarget } from "./target";

/** An image as a registry holds it. */
export interface RemoteImage {
    /** Of its manifest: what manifests of Kubernetes name. */
    readonly digest: string;
    /** Of its configuration, which names the content of every layer: the same for the same image, however packed. */
    readonly config: string;
}

/** What is asked of a registry. */
export interface Registry {
    readonly target: RegistryTarget;
    /** The image under a reference; undefined where there is none. */
    find(reference: string): Promise<RemoteImage | undefined>;
    /** Uploads what the registry lacks of an OCI archive. */
    upload(archive: string, reference: string, onLine: (line: string) => void): Promise<void>;
}

/** What the uploads print. */
export const PUSH_LOG = "images-push";

const ANSWER_MS = 60_000;
const UPLOAD_MS = 60 * 60_000;
const RETRIES = "3";

const execute = promisify(execFile);

/** A registry by way of skopeo. Logins come from where skopeo looks: `$REGISTRY_AUTH_FILE`, its own file, Docker's. */
export class SkopeoRegistry implements Registry {
    constructor(
        readonly target: RegistryTarget,
        private readonly signal: AbortSignal,
    ) {}

    async find(reference: string): Promise<RemoteImage | undefined> {
        const { signal } = this;
        const options = { signal, timeout: ANSWER_MS, maxBuffer: 16 * 1024 * 1024, encoding: "buffer" } as const;
        try {
            const args = ["inspect", "--raw", `--tls-verify=${this.verifies()}`, `docker://${reference}`];
            const { stdout } = await execute("skopeo", args, options);
            return describe(stdout, reference);
        } catch (error) {
            if (signal.aborted) throw new Interrupted();
            if (error instanceof ToolchainError) throw error;
            const { stderr, killed, message } = error as { stderr?: Buffer; killed?: boolean; message: string };
            const said = killed === true ? "timed out" : stderr?.toString("utf8") || message;
            if (isAbsent(said)) return undefined;
            throw refusalOf(reference, said, this.target);
        }
    }

    async upload(archive: string, reference: string, onLine: (line: string) => void): Promise<void> {
        const log = logPath(PUSH_LOG);
        const scratch = cacheDir("images-push");
        // A killed push may have left it; there is one push at a time.
        rmSync(scratch, { recursive: true, force: true });
        mkdirSync(scratch, { recursive: true });
        let last = "";
        try {
            await run(
                [
                    ...["skopeo", "--tmpdir", scratch, "copy", "--format", "oci", "--retry-times", RETRIES],
                    // Layers that an interrupted push has uploaded are not sent again.
                    ...["--dest-precompute-digests", `--dest-tls-verify=${this.verifies()}`],
                    ...[`oci-archive:${archive}`, `docker://${reference}`],
                ],
                {
                    piece: reference,
                    log,
                    signal: this.signal,
                    timeoutMs: UPLOAD_MS,
                    onLine: (line) => onLine((last = line)),
                },
            );
        } catch (error) {
            if (error instanceof Interrupted || !(error instanceof ToolchainError)) throw error;
            throw refusalOf(reference, last, this.target, log);
        } finally {
            rmSync(scratch, { recursive: true, force: true });
        }
    }

    private verifies(): boolean {
        return !this.target.isLoopback;
    }
}

/** What a manifest says; its digest is that of its very bytes. */
export function describe(manifest: Buffer, reference: string): RemoteImage {
    const { config } = JSON.parse(manifest.toString("utf8")) as { config?: { digest?: string } };
    if (config?.digest === undefined) {
        throw new ImageError(
            `${reference}: the registry holds an index of several images there. Give ours another prefix, after --to`,
        );
    }
    return { digest: `sha256:${createHash("sha256").update(manifest).digest("hex")}`, config: config.digest };
}

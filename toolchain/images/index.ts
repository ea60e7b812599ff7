/** Carries images from the cache to a registry that clusters pull from, and writes down what stands there. */
import { rmSync } from "node:fs";

import type { ImageName } from "../../images/catalogue";
import { LOCK_FILE, type ImageLock } from "../../images/image-lock";
import { distributionPiece } from "../bootstrap/distribution";
import { logPath } from "../bootstrap/entry";
import { withLock } from "../bootstrap/lock";
import { REGISTRY_PACKAGES } from "../distribution-packages";
import { cacheDir } from "../paths";
import type { Progress } from "../progress";
import { readLockFile, writeLockFile } from "./lock-file";
import { makeImage } from "./make";
import { lockWith, publish } from "./publish";
import { PUSH_LOG, SkopeoRegistry } from "./skopeo";
import type { RegistryTarget } from "./target";

export { makeImage, type MadeImage } from "./make";
export { registryTarget, referenceIn, type RegistryTarget } from "./target";

export interface PushOptions {
    readonly target: RegistryTarget;
    readonly names: readonly ImageName[];
    readonly progress: Progress;
    readonly signal: AbortSignal;
    /** Default: the one that the stacks read. */
    readonly lockFile?: string;
}

export interface Pushed {
    readonly uploaded: number;
    readonly present: number;
    /** Images of another registry that the lock no longer names. */
    readonly dropped: readonly string[];
    readonly lockChanged: boolean;
    /** What stood in the way of single images; the others are in the registry and in the lock. */
    readonly problems: readonly string[];
}

/** Pushes images and writes the lock. Idempotent; one push at a time on this machine, later ones wait. */
export async function pushImages(options: PushOptions): Promise<Pushed> {
    const { target, names, progress, signal, lockFile = LOCK_FILE } = options;
    const context = { progress, signal };
    await distributionPiece(undefined, REGISTRY_PACKAGES).ensure(context);
    return alone(context, async () => {
        rmSync(logPath(PUSH_LOG), { force: true });
        const before = readLockFile(lockFile);
        const { images, uploaded, problems } = await publish({
            registry: new SkopeoRegistry(target, signal),
            names,
            make: (name) => makeImage(name, progress, signal),
            progress,
            signal,
        });
        const present = Object.keys(images).length - uploaded;
        // With nothing there, the lock of a registry that works must not give way.
        if (uploaded + present === 0) return { uploaded, present, dropped: [], lockChanged: false, problems };
        const lock = lockWith(before, target.name, images);
        return {
            ...{ uploaded, present, problems },
            dropped: leaving(before, lock),
            lockChanged: writeLockFile(lockFile, lock),
        };
    });
}

function leaving(before: ImageLock, after: ImageLock): string[] {
    return Object.keys(before.images).filter((name) => after.images[name] === undefined);
}

async function alone<T>(context: { progress: Progress; signal: AbortSignal }, work: () => Promise<T>): Promise<T> {
    const { progress, signal } = context;
    const onWait = (pid: number) => progress.note(`Process ${pid} is pushing images: waiting for it.`);
    return withLock(cacheDir("locks", "images-push"), { signal, onWait }, work);
}

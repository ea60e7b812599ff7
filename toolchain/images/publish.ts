import { catalogue, referenceOf, type ImageName } from "../../images/catalogue";
import type { ImageLock, LockedImage } from "../../images/image-lock";
import { Interrupted, ToolchainError } from "../bootstrap/errors";
import { withStep, type StepResult } from "../bootstrap/step";
import type { Progress } from "../progress";
import type { MadeImage } from "./make";
import { ImageError, RegistryError } from "./refusals";
import type { Registry, RemoteImage } from "./skopeo";
import { referenceIn } from "./target";

export interface PublishOptions {
    readonly registry: Registry;
    readonly names: readonly ImageName[];
    /** Pulls or builds an image, or finds it in the cache. */
    readonly make: (name: ImageName) => Promise<MadeImage>;
    readonly progress: Progress;
    readonly signal: AbortSignal;
}

export interface Published {
    readonly images: Readonly<Partial<Record<ImageName, LockedImage>>>;
    /** How many were not there already. */
    readonly uploaded: number;
    /** What stood in the way of single images. */
    readonly problems: readonly string[];
}

/**
 * Brings images into a registry, each at most once: a tag that is there keeps its image for good.
 *
 * What concerns one image alone lets the others go on; what the registry refuses altogether ends it.
 *
 * @throws ToolchainError of the registry.
 */
export async function publish(options: PublishOptions): Promise<Published> {
    const there = await lookAround(options);
    const images: Partial<Record<ImageName, LockedImage>> = {};
    const problems: string[] = [];
    let uploaded = 0;
    for (const name of options.names) {
        try {
            const image = await options.make(name);
            const found = there.get(name);
            images[name] = await publishOne(name, image, found, options);
            if (found === undefined) uploaded += 1;
        } catch (error) {
            // Ctrl-C reaches the tools that we run as well, and each says in words of its own that it was killed.
            if (options.signal.aborted) throw new Interrupted();
            if (!isOfOneImage(error)) throw error;
            problems.push(error.message);
        }
    }
    return { images, uploaded, problems };
}

/** The lock with what was published; images of another registry leave it. */
export function lockWith(lock: ImageLock, registry: string, images: Published["images"]): ImageLock {
    const kept = lock.registry === registry ? lock.images : {};
    const known = Object.entries(kept).filter(([name]) => name in catalogue);
    return { registry, images: { ...Object.fromEntries(known), ...images } };
}

// Before anything is built: nobody should wait ten minutes to learn of a misspelt registry.
async function lookAround({ registry, names, progress, signal }: PublishOptions): Promise<Map<ImageName, RemoteImage>> {
    const { target } = registry;
    const title = `registry ${target.name}`;
    return withStep({ progress, signal }, title, async (step) => {
        const there = new Map<ImageName, RemoteImage>();
        for (const name of names) {
            const reference = referenceIn(target, catalogue[name]);
            step.waiting(`looking for ${reference}`);
            const found = await registry.find(reference);
            if (found !== undefined) there.set(name, found);
        }
        const plain = target.isLoopback ? ", by plain HTTP where it has no TLS: it is on this machine" : "";
        return { value: there, outcome: `holds ${there.size} of ${names.length}${plain}` };
    });
}

function publishOne(
    name: ImageName,
    image: MadeImage,
    found: RemoteImage | undefined,
    { registry, progress, signal }: PublishOptions,
): Promise<LockedImage> {
    const reference = referenceIn(registry.target, catalogue[name]);
    const { config, origin, platform } = image;
    const locked = ({ digest }: RemoteImage): LockedImage => ({
        reference,
        digest,
        source: referenceOf(catalogue[name]),
        platform,
        origin,
    });
    return withStep({ progress, signal }, reference, async (step): Promise<StepResult<LockedImage>> => {
        if (found !== undefined) {
            if (found.config !== config) throw taken(reference, found, name);
            return { value: locked(found), outcome: `${origin}; already there, ${found.digest}` };
        }
        step.waiting(`uploading ${megabytes(image)} before compression`);
        await registry.upload(image.archive, reference, (line) => step.waiting(line));
        const now = await registry.find(reference);
        if (now === undefined) throw new RegistryError(`${reference}: the registry does not hold it after its upload`);
        // Somebody else's push of the same tag came between.
        if (now.config !== config) throw taken(reference, now, name);
        return { value: locked(now), outcome: `${origin}; uploaded, ${now.digest}` };
    });
}

function taken(reference: string, { digest }: RemoteImage, name: ImageName): ImageError {
    return new ImageError(
        `${reference}: the registry holds another image under this tag (${digest}), and a tag never changes its image. ` +
            `Give ${name} a new tag in images/catalogue.ts`,
    );
}

function isOfOneImage(error: unknown): error is ToolchainError {
    return error instanceof ToolchainError && !(error instanceof RegistryError) && !(error instanceof Interrupted);
}

function megabytes({ bytes }: MadeImage): string {
    return `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}

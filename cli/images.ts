import { catalogue, referenceOf, type ImageName } from "../images/catalogue";
import { imagesOf, isOwnImage } from "../images/image-lock";
import { makeImage, pushImages, registryTarget, type Pushed } from "../toolchain/images";
import { progressOn, type Progress } from "../toolchain/progress";
import { UserError } from "./errors";

export interface PublishOptions {
    /** `HOST[:PORT][/PREFIX]`. */
    readonly to: string;
    /** The file to write; default: the stacks' own. */
    readonly lock?: string;
}

/** Makes images on this machine and says where they lie. */
export async function buildImages(wanted: readonly string[]): Promise<void> {
    const names = namesOf(wanted, makeable(), "can be made on this machine");
    const made = await interruptibly(async (progress, signal) => {
        const images = [];
        for (const name of names) images.push({ name, ...(await makeImage(name, progress, signal)) });
        return images;
    });
    for (const { name, origin, archive, digest } of made) {
        console.log(`${referenceOf(catalogue[name])} ${origin} ${digest}\n  ${archive}`);
    }
}

/** Our own images to a registry. */
export function pushOwnImages(wanted: readonly string[], options: PublishOptions): Promise<void> {
    return publishNames(namesOf(wanted, imagesOf("own"), "are ours; `mlp images mirror` carries others'"), options);
}

/** Others' images to a registry: pulled where their publisher answers, built by our recipe elsewhere. */
export function mirrorImages(wanted: readonly string[], options: PublishOptions): Promise<void> {
    return publishNames(namesOf(wanted, imagesOf("upstream"), "are others'; `mlp images push` carries ours"), options);
}

async function publishNames(names: readonly ImageName[], { to, lock }: PublishOptions): Promise<void> {
    const target = registryTarget(to);
    const pushed = await interruptibly((progress, signal) =>
        pushImages({ target, names, progress, signal, ...(lock !== undefined && { lockFile: lock }) }),
    );
    for (const line of summary(pushed, target.name, lock ?? "images/lock.json")) console.log(line);
    if (pushed.problems.length > 0) {
        throw new UserError(
            `${pushed.problems.length} of ${names.length} not published:\n${pushed.problems.join("\n")}`,
        );
    }
}

/** What was done, in the words of its reader. */
export function summary(pushed: Pushed, registry: string, lock: string): string[] {
    const { uploaded, present, dropped, lockChanged } = pushed;
    return [
        `${registry}: ${uploaded} uploaded, ${present} already there.`,
        lockChanged ? `${lock} is written: commit it.` : `${lock} is unchanged.`,
        ...(dropped.length === 0 ? [] : [`${dropped.join(", ")} left the lock: they are in another registry alone.`]),
    ];
}

/** The names that were given, or all of them; mistakes name what is allowed. */
export function namesOf(wanted: readonly string[], allowed: readonly ImageName[], which: string): ImageName[] {
    const names = wanted.length === 0 ? allowed : allowed.filter((name) => wanted.includes(name));
    const unknown = wanted.filter((name) => !names.some((known) => known === name));
    if (unknown.length === 0) return [...names];
    throw new UserError(`No such image: ${unknown.join(", ")}. These ${which}: ${allowed.join(", ")}.`);
}

function makeable(): ImageName[] {
    const names = Object.keys(catalogue) as ImageName[];
    return names.filter((name) => isOwnImage(catalogue[name]) || catalogue[name].recipe.kind !== "pull");
}

/** Work that Ctrl-C ends cleanly. */
async function interruptibly<T>(work: (progress: Progress, signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const interrupt = () => stop.abort();
    // More than once: whatever has started us may pass the terminal's signal on a second time.
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    try {
        return await work(progressOn(), stop.signal);
    } finally {
        process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    }
}

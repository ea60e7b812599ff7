import { Problem } from "../components/problems";
import { ImageLock, lockedReferences, missingFromLock } from "../images/image-lock";
import { ROOT } from "./spec";

type References = Readonly<Record<string, string>>;

export interface ImageInputs {
    /** References by catalogue name. */
    readonly references: References;
    /** `images` of the stack file. */
    readonly replaced: References;
    /** What stands in the registry, for clusters that pull from one. */
    readonly lock?: ImageLock;
    /** The images that this stack uses. */
    readonly used: readonly string[];
}

/** Every image reference by catalogue name: the stack file's, else the lock's, else the catalogue's. Pure. */
export function resolveImages({ references, replaced, lock }: Omit<ImageInputs, "used">): References {
    return { ...references, ...(lock && lockedReferences(lock)), ...replaced };
}

/** What is wrong with replacements, and what a registry lacks. Pure. */
export function imageProblems({ references, replaced, lock, used }: ImageInputs): readonly Problem[] {
    const fromLock = used.filter((name) => replaced[name] === undefined);
    return [
        ...Object.entries(replaced).flatMap(([name, reference]) => problemsOfOne(name, reference, references)),
        ...(lock === undefined ? [] : missingFromLock(lock, [...new Set(fromLock)].sort())),
    ];
}

function problemsOfOne(name: string, reference: string, references: References): Problem[] {
    const path = `${ROOT}.images.${name}`;
    if (references[name] === undefined) {
        const allowed = `one of ${Object.keys(references).sort().join(", ")}`;
        return [{ path, found: reference, allowed, fix: "Name an image of images/catalogue.ts or add it there." }];
    }
    if (PINNED.test(reference)) return [];
    const allowed = "a reference with a digest, or with a tag other than latest";
    return [{ path, found: reference, allowed, fix: "Pin it: a moving tag makes no two deployments alike." }];
}

/** A tag that is not `latest`, a digest, or both, after the repository. */
const PINNED = /^[\w.-]+(:\d+)?(\/[\w.-]+)*(:(?!latest\b)\w[\w.-]*(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/;

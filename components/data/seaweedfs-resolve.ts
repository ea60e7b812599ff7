import { ImageSource, unknownImage } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";

export interface SeaweedFsSpec {
    readonly image: string;
    readonly size: string;
    /** Files in which the objects lie, and MiB of each. */
    readonly volumes: { readonly count: number; readonly sizeMiB: number };
    readonly buckets: { readonly artifacts: string; readonly backups: string };
}

const DEFAULT_SIZE = "10Gi";
const MIB: Record<string, number> = { Mi: 1, Gi: 1024, Ti: 1024 * 1024 };
/** Two buckets and the filer's own log each take a volume file at once. */
const LEAST_MIB = 512;
const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/**
 * Reckons how many volume files of which size fit. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong.
 */
export function resolveSeaweedFs(
    args: { images: ImageSource; size?: string; artifactsBucket?: string; backupsBucket?: string },
    name: string,
): SeaweedFsSpec {
    const problems: Problem[] = [];
    const image = args.images.references.seaweedfs;
    if (image === undefined) problems.push(unknownImage(args.images, "seaweedfs", `${name}.images`));

    const size = args.size ?? DEFAULT_SIZE;
    const total = mebibytes(size);
    if (total === undefined || total < LEAST_MIB) {
        problems.push({
            path: `${name}.volume.size`,
            found: size,
            allowed: `a whole number with Mi, Gi or Ti, from ${LEAST_MIB}Mi on`,
            fix: `Leave it out for ${DEFAULT_SIZE}.`,
        });
    }
    const buckets = { artifacts: args.artifactsBucket ?? "artifacts", backups: args.backupsBucket ?? "backups" };
    for (const [purpose, bucket] of Object.entries(buckets)) {
        if (!BUCKET.test(bucket)) {
            problems.push({
                path: `${name}.${purpose}Bucket`,
                found: bucket,
                allowed: "3 to 63 of a-z, 0-9 and dashes",
                fix: `Leave it out for ${purpose}.`,
            });
        }
    }
    if (buckets.artifacts === buckets.backups) {
        problems.push({
            path: `${name}.backupsBucket`,
            found: buckets.backups,
            allowed: "another name than that of the artifacts",
            fix: "Leave both out.",
        });
    }
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze({ image: image ?? "", size, volumes: volumesOf(total ?? 0), buckets });
}

/**
 * Volume files of a size that leaves eight of them or more, from 64 to 1024 MiB. A tenth of the disk stays free: for the
 * filer's index, and for the copy that is made of a file when deleted objects are cleared out of it.
 */
export function volumesOf(totalMiB: number): SeaweedFsSpec["volumes"] {
    const sizeMiB = Math.min(1024, Math.max(64, 2 ** Math.floor(Math.log2(totalMiB / 16))));
    return { sizeMiB, count: Math.max(1, Math.floor((totalMiB * 0.9) / sizeMiB)) };
}

function mebibytes(quantity: string): number | undefined {
    const [, digits, unit] = /^([1-9]\d{0,6})(Mi|Gi|Ti)$/.exec(quantity) ?? [];
    const factor = unit === undefined ? undefined : MIB[unit];
    return factor === undefined ? undefined : Number(digits) * factor;
}

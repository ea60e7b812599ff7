import { InvalidConfiguration, Problem } from "../problems";

export interface BucketSpec {
    readonly bucket: string;
    readonly noncurrentDays: number;
}

export interface S3BucketsSpec {
    readonly artifacts: BucketSpec;
    readonly backups: BucketSpec;
}

const PREFIX = /^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/;
const DEFAULT_DAYS = 30;

/**
 * Names the buckets. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong.
 */
export function resolveS3Buckets(
    { namePrefix, noncurrentDays = DEFAULT_DAYS }: { namePrefix: string; noncurrentDays?: number },
    name: string,
): S3BucketsSpec {
    const problems: Problem[] = [];
    if (!PREFIX.test(namePrefix)) {
        problems.push({
            path: `${name}.namePrefix`,
            found: namePrefix,
            allowed: "3 to 40 of a-z, 0-9 and dashes",
            fix: "Take the account's id and the environment into it: names of buckets are the world's.",
        });
    }
    if (!Number.isInteger(noncurrentDays) || noncurrentDays < 1 || noncurrentDays > 3650) {
        problems.push({
            path: `${name}.noncurrentDays`,
            found: noncurrentDays,
            allowed: "a whole number from 1 to 3650",
            fix: `Leave it out for ${DEFAULT_DAYS}.`,
        });
    }
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze({
        artifacts: { bucket: `${namePrefix}-artifacts`, noncurrentDays },
        backups: { bucket: `${namePrefix}-backups`, noncurrentDays },
    });
}

import { InvalidConfiguration, Problem } from "../problems";

/** The buckets of an object store by what they are for. */
export const BucketPurpose = {
    Artifacts: "artifacts",
    Backups: "backups",
} as const;
export type BucketPurpose = (typeof BucketPurpose)[keyof typeof BucketPurpose];

/** What may be done with objects. */
export const ObjectRight = {
    /** Get and list. */
    Read: "read",
    /** Get, list, put and delete. */
    Write: "write",
} as const;
export type ObjectRight = (typeof ObjectRight)[keyof typeof ObjectRight];

/** A right on the objects below one prefix. */
export interface ObjectPermission {
    bucket: BucketPurpose;
    /** Such as `team-a/`, with a slash at its end; a part may be `*`. Empty: the whole bucket. */
    prefix: string;
    access: ObjectRight;
}

export interface ObjectAccessSpec {
    readonly secretName: string;
    readonly permissions: readonly ObjectPermission[];
}

/** One part of a prefix; `.` and `..` are kept out by its first character. */
const PART = /^(\*|[A-Za-z0-9_][A-Za-z0-9._=-]*)$/;
const NAME = /^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$/;

/**
 * Fills defaults in. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong with name, permissions and Secret's name.
 */
export function resolveObjectAccess(
    args: { permissions: readonly ObjectPermission[]; secretName?: string },
    name: string,
): ObjectAccessSpec {
    const problems = [
        ...problemOfName(name, name),
        ...(args.secretName === undefined ? [] : problemOfName(args.secretName, `${name}.secretName`)),
        ...args.permissions.flatMap((permission, index) =>
            problemsOfPermission(permission, `${name}.permissions[${index}]`),
        ),
    ];
    if (args.permissions.length === 0) {
        problems.push({
            path: `${name}.permissions`,
            found: [],
            allowed: "one permission at least",
            fix: "Name a bucket, a prefix and a right, or leave the component out.",
        });
    }
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze({ secretName: args.secretName ?? "object-store", permissions: [...args.permissions] });
}

function problemOfName(name: string, path: string): Problem[] {
    if (NAME.test(name)) return [];
    return [
        {
            path,
            found: name,
            allowed: "1 to 52 of a-z, 0-9 and dashes",
            fix: "Begin and end with a letter or digit.",
        },
    ];
}

function problemsOfPermission({ bucket, prefix, access }: ObjectPermission, path: string): Problem[] {
    return [
        ...problemOfMember(bucket, Object.values(BucketPurpose), `${path}.bucket`),
        ...problemOfMember(access, Object.values(ObjectRight), `${path}.access`),
        ...(isPrefix(prefix)
            ? []
            : [
                  {
                      path: `${path}.prefix`,
                      found: prefix,
                      allowed: "empty, or parts of A-Z, a-z, 0-9, `._=-` or `*` alone, each followed by a slash",
                      fix: "Write it as `team-a/datasets/`: without a slash at its end it would hold `team-ab` too.",
                  },
              ]),
    ];
}

function problemOfMember(found: string, members: readonly string[], path: string): Problem[] {
    if (members.includes(found)) return [];
    return [{ path, found, allowed: `one of ${members.join(", ")}`, fix: "Correct the word." }];
}

function isPrefix(prefix: string): boolean {
    if (prefix === "") return true;
    const parts = prefix.split("/");
    return parts.at(-1) === "" && parts.slice(0, -1).every((part) => PART.test(part));
}

import { ObjectPermission, ObjectRight } from "./object-permission";

/** Keys of the identities in their Secret: the server's script takes these alone. */
export const IDENTITY_PREFIX = "identity.";

/** A pair of keys and what they may do. */
export interface Identity {
    readonly name: string;
    readonly accessKey: string;
    readonly secretKey: string;
    readonly permissions: readonly ObjectPermission[];
}

/** SeaweedFS' actions for each right. Without `Tagging` and `ReadAcp`: nothing here reads or sets tags and ACLs. */
const ACTIONS: Record<ObjectRight, readonly string[]> = {
    [ObjectRight.Read]: ["Read", "List"],
    [ObjectRight.Write]: ["Read", "List", "Write"],
};

/**
 * One identity as SeaweedFS' configuration has it. `List` with a path allows to list below that prefix and nothing
 * else: a request without a prefix, or with that of another, is refused.
 *
 * @see https://github.com/seaweedfs/seaweedfs/wiki/Amazon-S3-API
 */
export function identityJson({ name, accessKey, secretKey, permissions }: Identity, buckets: BucketNames): string {
    const actions = permissions.flatMap(({ bucket, prefix, access }) =>
        ACTIONS[access].map((action) => `${action}:${buckets[bucket]}${prefix === "" ? "" : `/${prefix}*`}`),
    );
    return JSON.stringify({ name, credentials: [{ accessKey, secretKey }], actions: [...new Set(actions)] });
}

/** Names of the buckets by purpose. */
export interface BucketNames {
    readonly artifacts: string;
    readonly backups: string;
}

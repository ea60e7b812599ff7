import * as pulumi from "@pulumi/pulumi";

import { ImageSource, ObjectAccess, ObjectStore, ObjectStoreKind } from "../contracts";
import { BucketPurpose, ObjectRight, ObjectStoreAccess } from "../data";

/** Secret of a team's namespace with its key of an in-cluster store. */
export const OBJECT_SECRET = "object-store";

interface TeamObjects {
    readonly team: string;
    readonly namespace: pulumi.Input<string>;
    readonly prefix: string;
    readonly store: ObjectStore;
    readonly images: ImageSource;
    readonly accounts: { readonly pipeline: pulumi.Input<string>; readonly member: pulumi.Input<string> };
}

/**
 * Lets the accounts of a team read and write below its prefix, and nowhere else. On S3 each has a role of its own; in
 * the cluster the two share a key, as whoever may start a pod in the namespace could take the other's.
 */
export function accessToObjects(
    { team, namespace, prefix, store, images, accounts }: TeamObjects,
    opts: pulumi.ComponentResourceOptions,
): ObjectAccess {
    const permissions = [{ bucket: BucketPurpose.Artifacts, prefix, access: ObjectRight.Write }];
    const shared = { store, images, namespace, permissions, secretName: OBJECT_SECRET };
    const access = (account: "pipeline" | "member", name: string) =>
        new ObjectStoreAccess(name, { ...shared, serviceAccountName: accounts[account] }, opts).access;
    if (store.kind === ObjectStoreKind.S3) access("member", `${team}-member`);
    return access("pipeline", team);
}

import { createHash } from "node:crypto";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import {
    ImageSource,
    ObjectAccess,
    ObjectStore,
    ObjectStoreAdministration,
    ObjectStoreKind,
    imageOf,
} from "../contracts";
import { inNamespace, tcp } from "../kubernetes/network";
import { OneTimeJob } from "../kubernetes/one-time-job";
import { ObjectAccessSpec, ObjectPermission, resolveObjectAccess } from "./object-permission";
import { identityJson, IDENTITY_PREFIX } from "./seaweedfs-identity";
import { S3_PORT } from "./seaweedfs";

export interface ObjectStoreAccessArgs {
    /** Where the objects lie. */
    store: ObjectStore;
    /** The image `seaweedfs`, where the store is one. */
    images: ImageSource;
    /** Namespace of the account; it gets the Secret. */
    namespace: pulumi.Input<string>;
    /** Account whose pods get a role on AWS. In the cluster whoever may read the Secret has the rights. */
    serviceAccountName: pulumi.Input<string>;
    /** Secret with the keys of an in-cluster store. Default: `object-store`. */
    secretName?: string;
    /** What it may do; everything else is refused. */
    permissions: ObjectPermission[];
}

/**
 * The right of one service account to objects below some prefixes: keys in a Secret for an in-cluster store, on AWS a
 * role that its pods get from EKS without any key.
 *
 * Replacing the RandomPassword gives other keys, and the former end at once: pods that have them in their environment
 * restart by `checksum`.
 */
export class ObjectStoreAccess extends pulumi.ComponentResource {
    /** What the pods' environment needs, once the store lets them in. */
    readonly access: ObjectAccess;
    /** Changes with the keys. */
    readonly checksum: pulumi.Output<string>;

    constructor(name: string, args: ObjectStoreAccessArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:ObjectStoreAccess", name, {}, opts);
        const spec = resolveObjectAccess(args, name);
        const { store } = args;
        if (store.kind === ObjectStoreKind.S3) {
            // Loaded only here: a program without AWS spends no time on its SDK.
            // eslint-disable-next-line @typescript-eslint/no-require-imports
            const { podRole } = require("./aws-object-role") as typeof import("./aws-object-role");
            const association = podRole(name, args, spec, this);
            this.access = { region: store.region };
            this.checksum = association.id;
        } else {
            const { secretName, checksum } = this.withKeys(name, args, spec);
            this.access = {
                ...(store.endpoint !== undefined && { endpoint: store.endpoint }),
                region: store.region,
                secretName,
            };
            this.checksum = checksum;
        }
        this.registerOutputs({ checksum: this.checksum });
    }

    private withKeys(name: string, args: ObjectStoreAccessArgs, spec: ObjectAccessSpec) {
        const parent = { parent: this };
        const { administration, artifactsBucket, backupsBucket } = args.store;
        if (administration === undefined) throw new Error(`${name}: the store does not say who administers it`);
        const options = { length: 40, special: false };
        const secretKey = new random.RandomPassword(`${name}-object-store`, options, parent).result;
        // Of the secret: a new one comes with a new id, so that what was signed with the old is told apart in the logs.
        const accessKey = secretKey.apply((secret) => `MLP${digest(`id ${secret}`).slice(0, 17).toUpperCase()}`);
        const identity = pulumi
            .all([accessKey, secretKey, artifactsBucket, backupsBucket])
            .apply(([id, secret, artifacts, backups]) =>
                identityJson(
                    { name, accessKey: id, secretKey: secret, permissions: spec.permissions },
                    { artifacts, backups },
                ),
            );
        // Owns its one key of the Secret: the key goes with the component, and with the key the identity.
        const patch = new k8s.core.v1.SecretPatch(
            `${name}-identity`,
            {
                metadata: { name: administration.secretName, namespace: administration.namespace },
                data: { [`${IDENTITY_PREFIX}${name}`]: pulumi.secret(identity.apply(base64)) },
            },
            // The other way round the former, which goes last, would take the new one's key along.
            { ...parent, deleteBeforeReplace: true },
        );
        const secret = new k8s.core.v1.Secret(
            `${name}-object-store`,
            {
                metadata: { name: spec.secretName, namespace: args.namespace },
                stringData: { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey },
            },
            parent,
        );
        const checksum = pulumi.unsecret(identity.apply((text) => digest(text).slice(0, 16)));
        const job = this.awaitEntry(name, args, administration, spec, checksum, [patch, secret]);
        return { secretName: job.jobName.apply(() => spec.secretName), checksum };
    }

    /** Waits until the store lets the keys in: it learns of them within a second or two. */
    private awaitEntry(
        name: string,
        args: ObjectStoreAccessArgs,
        administration: ObjectStoreAdministration,
        spec: ObjectAccessSpec,
        checksum: pulumi.Output<string>,
        dependsOn: pulumi.Resource[],
    ): OneTimeJob {
        const [{ bucket, prefix } = { bucket: "artifacts", prefix: "" }] = spec.permissions;
        const bucketName = bucket === "artifacts" ? args.store.artifactsBucket : args.store.backupsBucket;
        const listing = encodeURIComponent(prefix.replaceAll("*", "any"));
        const key = (variable: string) => ({
            name: variable,
            valueFrom: { secretKeyRef: { name: spec.secretName, key: variable } },
        });
        return new OneTimeJob(
            `${name}-object-store`,
            {
                namespace: args.namespace,
                image: imageOf(args.images, "seaweedfs", `${name}.images`),
                command: ["/bin/sh", "-c", AWAIT_ENTRY],
                component: "object-store-access",
                environment: [
                    {
                        name: "URL",
                        value: pulumi.interpolate`${args.store.endpoint ?? ""}/${bucketName}?list-type=2&max-keys=1&prefix=${listing}`,
                    },
                    { name: "REGION", value: args.store.region },
                    key("AWS_ACCESS_KEY_ID"),
                    key("AWS_SECRET_ACCESS_KEY"),
                ],
                podAnnotations: { "mlp.dev/object-access": checksum },
                egress: [seaweedEgress(administration)],
                memory: { request: "32Mi", limit: "128Mi" },
            },
            { parent: this, dependsOn },
        );
    }
}

/** The keys reach curl through its standard input: a command line is everybody's to read. */
const AWAIT_ENTRY = `
for attempt in $(seq 30); do
    answer=$(printf 'user = "%s:%s"\\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" |
        curl -s --config - --aws-sigv4 "aws:amz:$REGION:s3" --max-time 5 -o /dev/null -w '%{http_code}' "$URL")
    [ "$answer" = 200 ] && echo "let in after $attempt tries" && exit 0
    sleep 1
done
echo "the object store answers $answer to the new keys: $URL" >&2
exit 1
`;

/** Lets a pod connect to the store in the cluster. */
export function seaweedEgress({
    namespace,
}: ObjectStoreAdministration): k8s.types.input.networking.v1.NetworkPolicyEgressRule {
    return { ports: [tcp(S3_PORT)], to: [inNamespace(namespace)] };
}

/** What a container's environment needs to reach the store: variables that every AWS SDK reads. */
export function objectEnvironment({ endpoint, region, secretName }: ObjectAccess): k8s.types.input.core.v1.EnvVar[] {
    const key = (name: string) => ({
        name,
        valueFrom: { secretKeyRef: { name: secretName ?? "", key: name } },
    });
    return [
        { name: "AWS_REGION", value: region },
        ...(endpoint === undefined ? [] : [{ name: "AWS_ENDPOINT_URL_S3", value: endpoint }]),
        ...(secretName === undefined ? [] : [key("AWS_ACCESS_KEY_ID"), key("AWS_SECRET_ACCESS_KEY")]),
    ];
}

function base64(text: string): string {
    return Buffer.from(text).toString("base64");
}

function digest(text: string): string {
    return createHash("sha256").update(text).digest("hex");
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

import { ImageSource, ObjectStore, ObjectStoreKind } from "../contracts";
import { MountedVolume, PodArgs } from "../kubernetes/pod";
import { StatefulServer, StatefulServerArgs } from "../kubernetes/stateful-server";
import { resolveSeaweedFs, SeaweedFsSpec } from "./seaweedfs-resolve";
import { API, DATA, READY, RUN, serverScript, TLS } from "./seaweedfs-script";
import { serverFlags, tlsEnvironment } from "./seaweedfs-settings";
import { DataVolumeArgs } from "./volume";

export interface SeaweedFsArgs {
    /** Namespace that already exists. */
    namespace: pulumi.Input<string>;
    /** The image `seaweedfs`. */
    images: ImageSource;
    /** Where the objects lie. Default: 10Gi of the cluster's default class, deleted with the store. */
    volume?: DataVolumeArgs;
    /** Bucket of what teams and services make. Default: `artifacts`. */
    artifactsBucket?: string;
    /** Bucket of backups. Default: `backups`. */
    backupsBucket?: string;
    /** Memory limit, as a Kubernetes quantity. Default: `1Gi`. */
    memory?: string;
}

/** Port of the S3 API. */
export const S3_PORT = 8333;
/** SeaweedFS takes any; clients insist on one. */
const REGION = "us-east-1";

/**
 * An S3-compatible object store in the cluster: SeaweedFS in one pod with one volume. Not for more than one node's worth
 * of data: it has no replicas.
 *
 * Only the S3 port is reachable by other pods, and every request needs a key. Keys come from one Secret that each
 * `ObjectStoreAccess` adds its own to; without the component its key is gone from the Secret, and from the store.
 *
 * @see https://github.com/seaweedfs/seaweedfs/wiki
 */
export class SeaweedFs extends pulumi.ComponentResource {
    /** What those who keep objects need, once both buckets are there. */
    readonly store: ObjectStore;

    constructor(name: string, args: SeaweedFsArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:SeaweedFs", name, {}, opts);
        const parent = { parent: this };
        const { namespace, volume } = args;
        const { images, artifactsBucket, backupsBucket } = args;
        const spec = resolveSeaweedFs(
            {
                images,
                ...(volume?.size !== undefined && { size: volume.size }),
                ...(artifactsBucket !== undefined && { artifactsBucket }),
                ...(backupsBucket !== undefined && { backupsBucket }),
            },
            name,
        );

        const certificate = this.innerCertificate(name, namespace);
        const identities = new k8s.core.v1.Secret(
            `${name}-identities`,
            { metadata: { name: `${name}-identities`, namespace } },
            // Its data is put in by others.
            { ...parent, ignoreChanges: ["data", "stringData"] },
        );
        const rights = this.letReadIdentities(name, namespace);
        const server = new StatefulServer(
            name,
            {
                namespace,
                ...containerOf(name, spec, args.memory ?? "1Gi"),
                data: { mountPath: DATA, ...volume, size: spec.size },
                volumes: [secretVolume("tls", certificate.secretName, TLS), tokenVolume()],
                podAnnotations: { "mlp.dev/certificate": certificate.validUntil },
            },
            { ...parent, dependsOn: [rights, identities] },
        );

        const endpoint = pulumi.interpolate`http://${server.serviceName}.${namespace}.svc:${S3_PORT}`;
        this.store = {
            kind: ObjectStoreKind.SeaweedFs,
            endpoint,
            region: REGION,
            // Known to be there once the Service is: its pod is ready by then.
            artifactsBucket: endpoint.apply(() => spec.buckets.artifacts),
            backupsBucket: endpoint.apply(() => spec.buckets.backups),
            administration: { namespace, secretName: identities.metadata.name, address: endpoint },
        };
        this.registerOutputs({ endpoint });
    }

    /** For the one gRPC port that cannot be kept to loopback: only who has this very certificate may use it. */
    private innerCertificate(name: string, namespace: pulumi.Input<string>) {
        const parent = { parent: this };
        const key = new tls.PrivateKey(`${name}-inner`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, parent);
        const certificate = new tls.SelfSignedCert(
            `${name}-inner`,
            {
                privateKeyPem: key.privateKeyPem,
                isCaCertificate: true,
                subject: { commonName: name },
                allowedUses: ["digital_signature", "cert_signing", "server_auth", "client_auth"],
                validityPeriodHours: 10 * 365 * 24,
                earlyRenewalHours: 365 * 24,
            },
            parent,
        );
        const secret = new k8s.core.v1.Secret(
            `${name}-inner`,
            {
                metadata: { name: `${name}-inner`, namespace },
                type: "kubernetes.io/tls",
                stringData: { "tls.crt": certificate.certPem, "tls.key": key.privateKeyPem },
            },
            parent,
        );
        return { secretName: secret.metadata.name, validUntil: certificate.validityEndTime };
    }

    /** The server's account may see the one Secret, and nothing else in the namespace. */
    private letReadIdentities(name: string, namespace: pulumi.Input<string>): pulumi.Resource {
        const parent = { parent: this };
        const metadata = { name: `${name}-identities`, namespace };
        const role = new k8s.rbac.v1.Role(
            `${name}-identities`,
            {
                metadata,
                rules: [
                    {
                        apiGroups: [""],
                        resources: ["secrets"],
                        resourceNames: [`${name}-identities`],
                        verbs: ["get", "list", "watch"],
                    },
                ],
            },
            parent,
        );
        return new k8s.rbac.v1.RoleBinding(
            `${name}-identities`,
            {
                metadata,
                roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
                subjects: [{ kind: "ServiceAccount", name, namespace }],
            },
            parent,
        );
    }
}

type Container = Pick<
    StatefulServerArgs,
    "image" | "command" | "component" | "environment" | "ports" | "probes" | "scratch" | "memory" | "gracePeriod"
>;

function containerOf(name: string, spec: SeaweedFsSpec, memory: string): Container {
    const script = serverScript({
        flags: serverFlags(spec),
        buckets: Object.values(spec.buckets),
        secretName: `${name}-identities`,
    });
    return {
        image: spec.image,
        command: ["/bin/sh", "-c", script],
        component: "object-store",
        environment: [
            { name: "NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
            ...tlsEnvironment(memory),
        ],
        ports: [{ name: "s3", port: S3_PORT, servicePort: S3_PORT }],
        probes: PROBES,
        scratch: [RUN, "/tmp"],
        memory: { request: "256Mi", limit: memory },
        gracePeriod: 30,
    };
}

const PROBES: NonNullable<PodArgs["probes"]> = {
    startupProbe: { exec: { command: ["test", "-e", READY] }, periodSeconds: 1, failureThreshold: 120 },
    livenessProbe: { httpGet: { path: "/healthz", port: "s3" }, timeoutSeconds: 3, periodSeconds: 10 },
    readinessProbe: { httpGet: { path: "/healthz", port: "s3" }, timeoutSeconds: 3, periodSeconds: 2 },
};

function secretVolume(name: string, secretName: pulumi.Input<string>, mountPath: string): MountedVolume {
    return { volume: { name, secret: { secretName, defaultMode: 0o440 } }, mountPath };
}

/** The account's token, for the watch on the one Secret. */
function tokenVolume(): MountedVolume {
    return {
        volume: {
            name: "api",
            projected: {
                defaultMode: 0o440,
                sources: [
                    { serviceAccountToken: { path: "token", expirationSeconds: 3600 } },
                    { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
                ],
            },
        },
        mountPath: API,
    };
}

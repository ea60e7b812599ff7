import * as pulumi from "@pulumi/pulumi";

import { InvalidConfiguration, Problem } from "./problems";

/** GPU nodes of one kind, as other components need to know them. */
export interface GpuPool {
    /** Unique within the cluster. */
    name: string;
    /** Extended resource that a pod requests. Default: `nvidia.com/gpu`. */
    resource: string;
    /** Whole GPUs that one node offers. */
    gpusPerNode: number;
    /** Nodes that the pool holds at its largest. */
    maxNodes: number;
    /** Labels that only nodes of this pool carry; empty where every node belongs to it. */
    nodeLabels: { [label: string]: string };
    /** NVIDIA's device plugin is part of the nodes' operating system. Default: false. */
    builtInDevicePlugin?: boolean;
    /** Pods that take turns on each GPU. Default: 1. */
    timeSlices?: number;
    /** Multi-Instance GPU profile of every GPU. Default: none. */
    migProfile?: string;
    /** What one node offers of `resource`. Default: `gpusPerNode` times `timeSlices`. */
    allocatable?: number;
    /** Nodes carry Elastic Fabric Adapters, offered as `vpc.amazonaws.com/efa`. Default: 0. */
    efaInterfaces?: number;
}

/** How pods get rights in the cloud without a key. */
export const WorkloadIdentity = {
    None: "none",
    /** EKS Pod Identity: a role for each service account. */
    PodIdentity: "pod-identity",
} as const;
export type WorkloadIdentity = (typeof WorkloadIdentity)[keyof typeof WorkloadIdentity];

/** StorageClasses by what they are for. */
export interface StorageClasses {
    /** One node at a time. Default: the cluster's default class. */
    block?: string;
    /** Shared by the nodes of all zones. */
    shared?: string;
    /** Shared, parallel and fast, in one zone. */
    parallel?: string;
}

/** A running cluster, whoever made it. */
export interface Cluster {
    /** Stable over kubeconfig changes: the provider's `clusterIdentifier`. */
    name: string;
    /** Minor version, such as `1.36`; `unknown` where the API server does not tell. */
    kubernetesVersion: string;
    gpuPools: GpuPool[];
    /** StorageClass for volumes that name none. Default: the cluster's own default class. */
    storageClass?: string;
    /** Default: none but the cluster's default class. */
    storageClasses?: StorageClasses;
    /** Default: `none`. */
    workloadIdentity?: WorkloadIdentity;
}

/** A taint of the nodes of a pool. */
export interface NodeTaint {
    key: string;
    value: string;
    /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. */
    effect: string;
}

/** Nodes of one kind that an autoscaler may add. */
export interface ElasticPool {
    name: string;
    /** EC2 types, all with the same number of GPUs. */
    instanceTypes: string[];
    /** `on-demand`, `spot` or `reserved`. */
    capacity: string;
    /** Capacity reservation of a `reserved` pool. */
    reservationId?: string;
    zones: string[];
    /** Nodes at most. */
    max: number;
    /** Whole GPUs of a node. */
    gpusPerNode: number;
    /** Pods that take turns on each GPU. Default: 1. */
    timeSlices?: number;
    /** `amd64` or `arm64`. */
    architecture: string;
    /** Karpenter's AMI alias, such as `al2023@v20261101`. */
    amiAlias: string;
    /** Root volume. */
    diskGiB: number;
    /** Pods of a node at most. Default: what Karpenter reckons, which knows nothing of delegated prefixes. */
    maxPods?: number;
    /** A cluster placement group and EFA on every interface. */
    efa: boolean;
    /** Bottlerocket's settings or nodeadm's configuration, as user data. Default: none. */
    userData?: string;
    labels: { [label: string]: string };
    taints: NodeTaint[];
}

/** What an autoscaler needs to know of an EKS cluster to add nodes to it. */
export interface ElasticCapacity {
    clusterName: string;
    region: string;
    /** URL of the API server. */
    endpoint: pulumi.Input<string>;
    /** Role of the nodes; it has its access entry. */
    nodeRoleName: pulumi.Input<string>;
    nodeRoleArn: pulumi.Input<string>;
    /** Subnets of the nodes by zone. */
    subnets: { [zone: string]: pulumi.Input<string> };
    securityGroupIds: pulumi.Input<string>[];
    /** Encrypts the nodes' volumes. */
    kmsKeyArn: pulumi.Input<string>;
    pools: ElasticPool[];
    tags: { [key: string]: string };
}

/** What keeps objects. */
export const ObjectStoreKind = {
    S3: "s3",
    SeaweedFs: "seaweedfs",
} as const;
export type ObjectStoreKind = (typeof ObjectStoreKind)[keyof typeof ObjectStoreKind];

/** What the administrator of an in-cluster object store needs. */
export interface ObjectStoreAdministration {
    namespace: pulumi.Input<string>;
    /** Secret in that namespace with what its administrator's tool reads. */
    secretName: pulumi.Input<string>;
    /** Where that tool connects to. */
    address: pulumi.Input<string>;
}

/** What stands on AWS besides the buckets: whose pods are let in, and how. */
export interface S3Administration {
    /** EKS cluster whose pods get roles. */
    clusterName: string;
    /** Key that encrypts the buckets. */
    kmsKeyArn: pulumi.Input<string>;
    tags: { [key: string]: string };
}

/** An S3-compatible object store. */
export interface ObjectStore {
    kind: ObjectStoreKind;
    /** URL of its S3 API. Default: AWS's own. */
    endpoint?: pulumi.Input<string>;
    region: string;
    /** Bucket of everything that teams and the platform's services make, each below a prefix of its own. */
    artifactsBucket: pulumi.Input<string>;
    /** Bucket of backups. */
    backupsBucket: pulumi.Input<string>;
    /** Of an in-cluster store. */
    administration?: ObjectStoreAdministration;
    /** Of S3. */
    aws?: S3Administration;
}

/** How one service account reaches the object store: what its pods' environment needs. */
export interface ObjectAccess {
    /** Default: AWS's own. */
    endpoint?: pulumi.Input<string>;
    region: string;
    /**
     * Secret in the account's namespace with the keys `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`. Default: none, the
     * pod's identity gives the right.
     */
    secretName?: pulumi.Input<string>;
}

/** A PostgreSQL server, and how its administrator connects. */
export interface DatabaseServer {
    /** DNS name. */
    host: pulumi.Input<string>;
    port: number;
    /** Major version, such as `17`. */
    version: string;
    /** CAs that its certificate is checked against, in PEM. */
    caCertificates: pulumi.Input<string>;
    /** Namespace of the administrator's Secret and of the Jobs that make databases. */
    namespace: pulumi.Input<string>;
    /** Secret there with `username` and `password`. */
    adminSecretName: pulumi.Input<string>;
    /** Pods of the server, as network policies select them. Default: none, it stands outside the cluster. */
    podLabels?: { [label: string]: string };
}

/** One database with a user of its own. */
export interface DatabaseAccess {
    host: pulumi.Input<string>;
    port: number;
    database: string;
    /**
     * Secret in the consumer's namespace with `username`, `password`, `uri` (of scheme postgresql, with `sslmode=verify-full`
     * and `sslrootcert` at `caPath`) and `ca.crt`.
     */
    secretName: pulumi.Input<string>;
    /** Where the consumer must mount `ca.crt` of the Secret. */
    caPath: string;
    /** Changes with the password. */
    checksum: pulumi.Input<string>;
}

/** Marks the namespaces of teams, for what looks after all of them. */
export const TEAM_LABEL = "mlp.dev/team";

/** Names the LocalQueue in which a job or a pod waits for its turn. */
export const QUEUE_LABEL = "kueue.x-k8s.io/queue-name";

/** A team's place on the platform. */
export interface Tenant {
    name: string;
    namespace: pulumi.Input<string>;
    /** Below which everything of the team lies in the artifacts bucket, with a slash at its end. */
    objectPrefix: string;
    /** Account of the pods of pipelines. */
    pipelineServiceAccount: pulumi.Input<string>;
    /** Account with which members, notebooks and CI reach the platform's services. */
    memberServiceAccount: pulumi.Input<string>;
    /** How those pods reach the team's objects. */
    objects: ObjectAccess;
    /** LocalQueue in its namespace, which its jobs and pods name. Default: none, nothing waits for its turn. */
    queueName?: string;
}

/** A model registry, as its clients reach it. */
export interface ModelRegistry {
    /** URL inside the cluster. */
    trackingUri: pulumi.Input<string>;
    /** Value of `MLFLOW_TRACKING_AUTH`. */
    trackingAuth: string;
}

/** The way in from outside: one HTTPS listener for every page and API of the platform, each app under a name of its own. */
export interface Gateway {
    /** Of the Gateway object, which HTTPRoutes name as their parent. */
    name: string;
    /** Of the Gateway object, and of the proxies behind it. */
    namespace: pulumi.Input<string>;
    /** Listener that routes attach to. */
    sectionName: string;
    /** Apps are names below it: `https://<app>.<domain>`. */
    domain: string;
    /** Of the URLs that people and pods use, inside the cluster as outside: 443 is left out of them. */
    port: number;
    /** CAs that its certificate is checked against, in PEM. Default: those that every client knows. */
    caCertificates?: pulumi.Input<string>;
    /** Pods of the proxies, as network policies select them together with `namespace`. */
    podLabels: { [label: string]: string };
    /** Port on which the proxies' pods listen, as network policies see it behind the Service. */
    podPort: number;
}

/** One application that the identity provider knows. */
export interface OidcClient {
    clientId: string;
    /** A secret. */
    clientSecret: pulumi.Input<string>;
}

/**
 * Who says who somebody is: an OIDC provider whose tokens the Kubernetes API server trusts, so that one sign-in counts
 * everywhere and RBAC decides what follows from it.
 */
export interface Identity {
    /** URL of the provider, equal to the tokens' claim `iss`. */
    issuer: string;
    /** Endpoint to which browsers are sent. */
    authorizationEndpoint: string;
    /** Token endpoint. */
    tokenEndpoint: string;
    /** Endpoint that tells the claims of an access token. */
    userinfoEndpoint: string;
    /** Endpoint that ends a session. Default: the provider has none. */
    endSessionEndpoint?: string;
    /** Public keys of the tokens. */
    jwksUri: string;
    /** CAs that its certificate is checked against, in PEM. Default: those that every client knows. */
    caCertificates?: pulumi.Input<string>;
    /** Values of `aud` in the ID tokens that the API server, Argo and MLflow take: those of the clients below. */
    audiences: string[];
    /** Claim with the user's name, such as `email` or `preferred_username`. */
    usernameClaim: string;
    /** Claim with the list of groups. */
    groupsClaim: string;
    /** What Kubernetes puts before names of users and groups, such as `oidc:`. */
    prefix: string;
    /** Group of the platform's administrators, without the prefix. */
    adminGroup: string;
    /** Client of the gateway, whose session covers every page. */
    gateway: OidcClient;
    /** Client of JupyterHub; it shows its secret in the form (`client_secret_post`). */
    hub: OidcClient;
    /** Scopes that a client asks for to get those claims, besides `openid`. */
    scopes: string[];
    /** Where it answers inside the cluster. Default: nowhere, it stands outside. */
    service?: IdentityService;
}

/** An identity provider that runs in the cluster. */
export interface IdentityService {
    namespace: pulumi.Input<string>;
    name: pulumi.Input<string>;
    /** Of the Service and of its pods. */
    port: number;
    /** CAs that its own certificate is checked against, in PEM: another than the gateway's. */
    caCertificates: pulumi.Input<string>;
}

/** URL of an app behind the gateway, such as `https://argo.mlp.localhost:26522`; no slash at its end. */
export function appUrl({ domain, port }: { domain: string; port: number }, app: string): string {
    return `https://${app}.${domain}${port === 443 ? "" : `:${port}`}`;
}

/** Where images come from: the catalogue's references by name, after mirroring and pinning. */
export interface ImageSource {
    references: { [name: string]: string };
}

/**
 * The reference of one image.
 *
 * @throws InvalidConfiguration when the source does not hold it, naming `path`.
 */
export function imageOf(images: ImageSource, name: string, path: string): string {
    const reference = images.references[name];
    if (reference === undefined) throw new InvalidConfiguration([unknownImage(images, name, path)]);
    return reference;
}

/** What is wrong with a name that is none of the image source. */
export function unknownImage({ references }: ImageSource, name: string, path: string): Problem {
    return {
        path,
        found: name,
        allowed: `one of ${Object.keys(references).sort().join(", ") || "no images yet"}`,
        fix: "Name an image of images/catalogue.ts or add it there.",
    };
}

import { ObjectStoreKind } from "../contracts";
import { containerSecurity, podSecurity } from "../kubernetes/hardening";
import { ArtifactCollection } from "./collection";
import type { PipelinesSpec } from "./resolve";

/** What only exists once Pulumi has made it. */
export interface Backends {
    readonly bucket: string;
    /** URL of the object store. Undefined: AWS's own. */
    readonly endpoint: string | undefined;
    readonly database: { readonly host: string; readonly port: number; readonly name: string; readonly secret: string };
    /** OIDC client's Secret and where the provider sends people back. */
    readonly signOn?: {
        readonly secret: string;
        readonly issuer: string;
        readonly redirectUrl: string;
        readonly rootCA: string | undefined;
    };
}

/** Account of the pods of workflows, in every team's namespace. */
export const PIPELINE_ACCOUNT = "pipeline";
/** Secret with the object store's keys, in every team's namespace. */
export const OBJECT_STORE_SECRET = "object-store";

/**
 * A workflow's executor writes to /tmp in its init container for `resource` templates. The main container gets its /tmp from
 * its template: a patch of it here would clash with the one that Argo itself mounts for `resource` templates.
 */
const INIT_SCRATCH = JSON.stringify({
    initContainers: [{ name: "init", volumeMounts: [{ name: "tmp-dir-argo", mountPath: "/tmp", subPath: "init" }] }],
});

/** Argo's configuration. @see https://argo-workflows.readthedocs.io/en/release-4.0/workflow-controller-configmap/ */
export function configurationOf(spec: PipelinesSpec, backends: Backends): object {
    return {
        namespaceParallelism: spec.parallelism,
        resourceRateLimit: { limit: spec.podsPerSecond, burst: 2 * spec.podsPerSecond },
        executor: {
            securityContext: containerSecurity(),
            resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
        },
        // For templates that say nothing, such as those of Python users; what a template says wins.
        mainContainer: {
            imagePullPolicy: "IfNotPresent",
            securityContext: containerSecurity(),
            // What a failed step said last becomes the message of its node, where it left none.
            terminationMessagePolicy: "FallbackToLogsOnError",
            resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "1Gi" } },
        },
        artifactRepository: { archiveLogs: true, s3: s3Of(spec, backends) },
        persistence: persistenceOf(spec, backends),
        workflowDefaults: { spec: workflowDefaultsOf(spec) },
        metricsConfig: { enabled: true, secure: true, port: 9090 },
        telemetryConfig: { enabled: false },
        // Secure, not Strict: whoever submits may change parameters and nothing else, later on too.
        ...(spec.restrictTemplates && { workflowRestrictions: { templateReferencing: "Secure" } }),
        ...(spec.signOn && backends.signOn && { sso: ssoOf(spec.signOn.scopes, backends.signOn) }),
    };
}

function s3Of({ store }: PipelinesSpec, { bucket, endpoint }: Backends): object {
    const url = new URL(endpoint ?? `https://s3.${store.region}.amazonaws.com`);
    return {
        bucket,
        region: store.region,
        endpoint: url.host,
        insecure: url.protocol === "http:",
        keyFormat: "{{workflow.namespace}}/pipelines/{{workflow.name}}/{{pod.name}}",
        // In the workflow's own namespace: each team's pods have the team's own rights, and the server those of who asks.
        ...(store.kind === ObjectStoreKind.S3
            ? { useSDKCreds: true }
            : {
                  accessKeySecret: { name: OBJECT_STORE_SECRET, key: "AWS_ACCESS_KEY_ID" },
                  secretKeySecret: { name: OBJECT_STORE_SECRET, key: "AWS_SECRET_ACCESS_KEY" },
              }),
    };
}

function persistenceOf({ archiveDays }: PipelinesSpec, { database }: Backends): object {
    return {
        archive: true,
        archiveTTL: `${archiveDays}d`,
        // Only of workflows too large for etcd: Argo compresses first.
        nodeStatusOffLoad: true,
        connectionPool: { maxIdleConns: 4, maxOpenConns: 16, connMaxLifetime: "5m" },
        postgresql: {
            host: database.host,
            port: database.port,
            database: database.name,
            tableName: "argo_workflows",
            userNameSecret: { name: database.secret, key: "username" },
            passwordSecret: { name: database.secret, key: "password" },
            // Against the CA that PGSSLROOTCERT names: Argo has no field for it, its driver reads the variable.
            ssl: true,
            sslMode: "verify-full",
        },
    };
}

function workflowDefaultsOf({ keepHours, artifactCollection }: PipelinesSpec): object {
    const collects = artifactCollection !== ArtifactCollection.Never;
    return {
        serviceAccountName: PIPELINE_ACCOUNT,
        securityContext: podSecurity(),
        podSpecPatch: INIT_SCRATCH,
        activeDeadlineSeconds: 24 * 60 * 60,
        parallelism: 50,
        // A failed step's pod stays to be looked at until its workflow goes.
        podGC: { strategy: "OnPodSuccess", deleteDelayDuration: "30s" },
        ttlStrategy: {
            secondsAfterSuccess: keepHours * 60 * 60,
            secondsAfterFailure: 3 * keepHours * 60 * 60,
        },
        artifactGC: {
            strategy: collects ? "OnWorkflowDeletion" : "Never",
            ...(collects && { serviceAccountName: PIPELINE_ACCOUNT, forceFinalizerRemoval: true }),
        },
    };
}

function ssoOf(scopes: readonly string[], signOn: NonNullable<Backends["signOn"]>): object {
    return {
        issuer: signOn.issuer,
        clientId: { name: signOn.secret, key: "client-id" },
        clientSecret: { name: signOn.secret, key: "client-secret" },
        redirectUrl: signOn.redirectUrl,
        scopes,
        ...(signOn.rootCA !== undefined && { rootCA: signOn.rootCA }),
        // Nobody gets the server's own rights: an account of a team says by its annotation whom it serves.
        rbac: { enabled: true },
    };
}

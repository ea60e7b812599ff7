import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { DEFAULT_LIFETIME, Lifetime, ServerCertificate } from "../certificates";
import { DatabaseAccess, DatabaseServer, ImageSource, ObjectStore } from "../contracts";
import { Database } from "../data";
import { Crds } from "../kubernetes/crds";
import { podSecurityLabels } from "../kubernetes/hardening";
import { ArtifactCollection } from "./collection";
import { Backends, configurationOf } from "./configuration";
import { argoServer, CONTROLLER, SERVER, SERVER_PORT, Workload, workflowController } from "./controller";
import * as generated from "./crds.json";
import { guardsOf } from "./guard";
import { PipelinesSpec, resolvePipelines } from "./resolve";

export { ArtifactCollection } from "./collection";
export { Pipeline } from "./pipeline";
export type {
    ArtifactInput,
    ArtifactOutput,
    ForEach,
    ParameterInput,
    ParameterOutput,
    PipelineArgs,
    PipelineParameter,
    PipelineSchedule,
    PipelineStep,
    StepCache,
    StepRetry,
    StepVariable,
    TrainingStep,
} from "./pipeline-args";

/** People who sign in to the web UI with OpenID Connect. */
export interface PipelinesSignOn {
    /** URL of the identity provider, as its tokens' `iss` says. */
    issuer: pulumi.Input<string>;
    clientId: pulumi.Input<string>;
    clientSecret: pulumi.Input<string>;
    /** Where the provider sends people back: the UI's outer URL with `/oauth2/callback`. */
    redirectUrl: pulumi.Input<string>;
    /** Scopes besides `openid`. Default: `groups` and `email`. */
    scopes?: string[];
    /** CAs of the provider in PEM. Default: those of the image. */
    caCertificates?: pulumi.Input<string>;
}

export interface PipelinesArgs {
    /** Must hold `argo-workflow-controller`, `argo-executor` and `argo-server`. */
    images: ImageSource;
    /** Where artifacts and logs go: `<namespace>/pipelines/…` of its artifacts bucket. */
    store: ObjectStore;
    /** Where finished workflows are archived. */
    database: DatabaseServer;
    /** Pods of the controller, of which one works, and of the server. Default: 1; take 2 where nodes come and go. */
    replicas?: number;
    /** Only workflows of a WorkflowTemplate run, with no change but parameters. Default: false. */
    restrictTemplates?: boolean;
    /** Refuse to delete the CustomResourceDefinitions, and with them every workflow. Default: false. */
    protectCrds?: boolean;
    /** Sign-in of people by OpenID Connect, besides Kubernetes tokens. Default: none. */
    signOn?: PipelinesSignOn;
    /** Days that finished workflows stay in the archive. Default: 90. */
    archiveDays?: number;
    /** Hours that finished workflows stay in the cluster: failed ones three times as long. Default: 24. */
    keepHours?: number;
    /** Workflows that run at the same time in one namespace; the others wait. Default: 50. */
    parallelism?: number;
    /** Pods that the controller starts in a second at most. Default: 20. */
    podsPerSecond?: number;
    /** When artifacts go by themselves. Default: `never`. */
    artifactCollection?: ArtifactCollection;
    /** Life of the server's certificate. Default: one year, renewed in its last quarter. */
    certificates?: Lifetime;
}

/**
 * Argo Workflows: the controller, and the server with API and web UI.
 *
 * It runs the workflows of every namespace of a team. Finished ones are archived in the database, their artifacts and logs
 * in the object store, with the rights of the team that made them.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/
 */
export class Pipelines extends pulumi.ComponentResource {
    /** URL of the server inside the cluster. */
    readonly serverUrl: pulumi.Output<string>;
    /** CA of the server's certificate, in PEM. */
    readonly caCertificates: pulumi.Output<string>;
    /** Namespace of controller and server. */
    readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: PipelinesArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Pipelines", name, {}, opts);
        const spec = resolvePipelines(args, name);
        const parent = { parent: this };

        const crds = new Crds(
            `${name}-crds`,
            { crds: generated.crds },
            { ...parent, protect: args.protectCrds ?? false },
        );
        const namespace = new k8s.core.v1.Namespace(
            NAMESPACE,
            { metadata: { name: NAMESPACE, labels: podSecurityLabels("restricted") } },
            parent,
        ).metadata.name;
        const certificate = new ServerCertificate(
            SERVER,
            { namespace, serviceName: SERVER, lifetime: args.certificates ?? DEFAULT_LIFETIME },
            parent,
        );
        const database = new Database("argo", { server: args.database, images: args.images, namespace }, parent);
        const signOn = args.signOn && this.signOnSecret(args.signOn, namespace);
        const workload: Workload = {
            namespace,
            spec,
            configuration: this.configuration(spec, args, namespace, database.access, signOn),
            database: database.access,
            databaseServer: args.database,
        };
        const guards = guardsOf("pipelines", `system:serviceaccount:${NAMESPACE}:${CONTROLLER}`, parent);
        const ready = { ...parent, dependsOn: [crds, database, ...guards] };
        const controller = workflowController(workload, ready);
        const server = argoServer(workload, certificate, args.store, signOn, ready);

        this.namespace = pulumi.all([namespace, controller.serviceName]).apply(([one]) => one);
        this.serverUrl = pulumi.interpolate`https://${server.serviceName}.${namespace}.svc:${SERVER_PORT}`;
        this.caCertificates = certificate.caCertificates;
        this.registerOutputs({
            serverUrl: this.serverUrl,
            caCertificates: this.caCertificates,
            namespace: this.namespace,
        });
    }

    /** Named by Pulumi: a change starts new pods, which alone read it. */
    private configuration(
        spec: PipelinesSpec,
        { store, signOn }: PipelinesArgs,
        namespace: pulumi.Input<string>,
        database: DatabaseAccess,
        signOnSecret: pulumi.Output<string> | undefined,
    ): pulumi.Output<string> {
        const backends = pulumi.output({
            bucket: store.artifactsBucket,
            endpoint: store.endpoint,
            database: {
                host: database.host,
                port: database.port,
                name: database.database,
                secret: database.secretName,
            },
            ...(signOn &&
                signOnSecret && {
                    signOn: {
                        secret: signOnSecret,
                        issuer: signOn.issuer,
                        redirectUrl: signOn.redirectUrl,
                        rootCA: signOn.caCertificates,
                    },
                }),
        });
        const config = backends.apply((known: Backends) => JSON.stringify(configurationOf(spec, known)));
        const map = new k8s.core.v1.ConfigMap(
            `${CONTROLLER}-configmap`,
            { metadata: { namespace }, data: { config } },
            { parent: this },
        );
        return map.metadata.name;
    }

    private signOnSecret(signOn: PipelinesSignOn, namespace: pulumi.Input<string>): pulumi.Output<string> {
        const secret = new k8s.core.v1.Secret(
            `${SERVER}-sso`,
            {
                metadata: { namespace },
                stringData: { "client-id": signOn.clientId, "client-secret": pulumi.secret(signOn.clientSecret) },
            },
            { parent: this },
        );
        return secret.metadata.name;
    }
}

const NAMESPACE = "mlp-pipelines";

import * as pulumi from "@pulumi/pulumi";

import { Lifetime } from "../certificates";
import { DatabaseServer, ImageSource, ObjectStore } from "../contracts";
import { podSecurityLabels } from "../kubernetes/hardening";
import * as k8s from "@pulumi/kubernetes";

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

import { ArtifactCollection } from "./collection";

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

/** Argo Workflows: its controller, and its server with API and web UI. */
export class Pipelines extends pulumi.ComponentResource {
    /** URL of the server inside the cluster. */
    readonly serverUrl: pulumi.Output<string>;
    /** CA of the server's certificate, in PEM. */
    readonly caCertificates: pulumi.Output<string>;
    /** Namespace of controller and server. */
    readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: PipelinesArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Pipelines", name, {}, opts);
        void args;
        const namespace = new k8s.core.v1.Namespace(
            "mlp-pipelines",
            { metadata: { name: "mlp-pipelines", labels: podSecurityLabels("restricted") } },
            { parent: this },
        );
        this.namespace = namespace.metadata.name;
        this.serverUrl = pulumi.interpolate`https://argo-server.${this.namespace}.svc:2746`;
        this.caCertificates = pulumi.output("");
        this.registerOutputs({ serverUrl: this.serverUrl, namespace: this.namespace });
    }
}

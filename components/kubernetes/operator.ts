import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Lifetime, WebhookCertificate } from "../certificates";
import { Controller, ControllerArgs } from "./controller";
import { podSecurityLabels } from "./hardening";
import { MountedVolume } from "./pod";
import { Webhook, webhooksOf } from "./webhooks";

/** What an operator may do in its own namespace to agree with its other pods on who works. */
export const leaderElectionRules: NonNullable<ControllerArgs["namespaceRules"]> = [
    {
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
        verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
    },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
];

/** A controller with its webhooks. */
export interface OperatorSpec {
    readonly name: string;
    readonly namespace: string;
    readonly image: string;
    readonly replicas: number;
    readonly lifetime: Lifetime;
    readonly controller: Pick<
        ControllerArgs,
        "args" | "ports" | "health" | "clusterRules" | "namespaceRules" | "configuration" | "certificatePath" | "memory"
    >;
    /** Where its metrics' server wants the same certificate. Default: it takes the webhooks'. */
    readonly metricsCertificatePath?: string;
    readonly mutating: readonly Webhook[];
    readonly validating: readonly Webhook[];
}

/**
 * Installs one operator: namespace, certificate, controller, and last its webhook configurations, so that nothing is
 * sent to a controller that does not answer yet, and they are the first to go.
 *
 * @returns the resources after which the operator's own kinds can be created.
 */
export function installOperator(spec: OperatorSpec, opts: pulumi.ComponentResourceOptions): pulumi.Resource[] {
    const { name, mutating, validating } = spec;
    const namespace = new k8s.core.v1.Namespace(
        spec.namespace,
        { metadata: { name: spec.namespace, labels: podSecurityLabels("restricted") } },
        opts,
    );
    const certificate = new WebhookCertificate(
        `${name}-webhook`,
        { namespace: namespace.metadata.name, serviceName: name, lifetime: spec.lifetime },
        opts,
    );
    const controller = new Controller(
        name,
        {
            ...spec.controller,
            namespace: namespace.metadata.name,
            image: spec.image,
            replicas: spec.replicas,
            certificateSecret: certificate.secretName,
            ...(spec.metricsCertificatePath !== undefined && {
                volumes: [metricsCertificate(certificate.secretName, spec.metricsCertificatePath)],
            }),
        },
        opts,
    );
    const target = {
        namespace: namespace.metadata.name,
        serviceName: controller.serviceName,
        caBundle: certificate.caBundle,
    };
    const { MutatingWebhookConfiguration, ValidatingWebhookConfiguration } = k8s.admissionregistration.v1;
    const metadata = { name };
    return [
        controller,
        new MutatingWebhookConfiguration(name, { metadata, webhooks: webhooksOf(mutating, target) }, opts),
        new ValidatingWebhookConfiguration(name, { metadata, webhooks: webhooksOf(validating, target) }, opts),
    ];
}

function metricsCertificate(secretName: pulumi.Input<string>, mountPath: string): MountedVolume {
    return { volume: { name: "metrics-certificate", secret: { secretName, defaultMode: 0o440 } }, mountPath };
}

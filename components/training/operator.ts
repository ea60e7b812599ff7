import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Lifetime, WebhookCertificate } from "../certificates";
import { Controller, ControllerArgs } from "../kubernetes/controller";
import { podSecurityLabels } from "../kubernetes/hardening";
import { Webhook, webhooksOf } from "./webhooks";

/** One operator of the training layer: a controller with its webhooks. */
export interface OperatorSpec {
    readonly name: string;
    readonly namespace: string;
    readonly image: string;
    readonly replicas: number;
    readonly lifetime: Lifetime;
    readonly controller: Pick<
        ControllerArgs,
        "args" | "ports" | "health" | "clusterRules" | "namespaceRules" | "configuration" | "certificatePath"
    >;
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

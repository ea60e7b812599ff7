import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

type ValidatingWebhook = k8s.types.input.admissionregistration.v1.ValidatingWebhook;

/** One admission webhook of a controller. */
export interface Webhook {
    readonly name: string;
    /** Path on the controller's webhook server. */
    readonly path: string;
    readonly apiGroup: string;
    readonly apiVersion: string;
    /** The plural, with a slash and the subresource where that is sent. */
    readonly resource: string;
    readonly operations: readonly ("CREATE" | "UPDATE")[];
    /** Only objects that this selects are sent. Default: all. */
    readonly objectSelector?: k8s.types.input.meta.v1.LabelSelector;
    /** Only objects of namespaces that this selects are sent. Default: of all. */
    readonly namespaceSelector?: k8s.types.input.meta.v1.LabelSelector;
}

/** Where the API server calls a controller's webhooks, and how it knows it is the right one. */
export interface WebhookTarget {
    readonly namespace: pulumi.Input<string>;
    readonly serviceName: pulumi.Input<string>;
    readonly caBundle: pulumi.Input<string>;
}

/** The same fields serve mutating and validating configurations. */
export function webhooksOf(webhooks: readonly Webhook[], target: WebhookTarget): ValidatingWebhook[] {
    return webhooks.map(({ name, path, apiGroup, apiVersion, resource, operations, ...selectors }) => ({
        name,
        clientConfig: {
            service: { name: target.serviceName, namespace: target.namespace, path, port: 443 },
            caBundle: target.caBundle,
        },
        rules: [
            { apiGroups: [apiGroup], apiVersions: [apiVersion], operations: [...operations], resources: [resource] },
        ],
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        failurePolicy: "Fail",
        timeoutSeconds: 10,
        ...selectors,
    }));
}

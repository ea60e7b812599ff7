import { objectsOfKind } from "../../kubernetes/objects";
import { Property } from "../../property";
import { kubernetesDocs } from "../../references";
import { Resource } from "../../rule";

export const GOOD_PRACTICES = kubernetesDocs(
    "Admission Webhook Good Practices",
    "concepts/cluster-administration/admission-webhooks-good-practices/",
);

export interface Webhook {
    readonly node: Property;
    readonly partial: boolean;
}

const configurations = objectsOfKind(
    "admissionregistration.k8s.io/MutatingWebhookConfiguration",
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
);

export function webhooks(resource: Resource): readonly Webhook[] {
    return configurations(resource).flatMap(({ root, partial }) =>
        root.find("webhooks[]").map((node) => ({ node, partial })),
    );
}

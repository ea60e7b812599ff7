import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { DatabaseServer, ObjectStore } from "../contracts";
import { WORKSPACE_LABEL } from "./resolve";

type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** Where EKS Pod Identity's agent gives a pod its role, on every node. */
const POD_IDENTITY_AGENT = "169.254.170.23/32";

/** Who may connect to the server: teams, and the namespaces of the routes that lead to it. */
export function callersOf(namespaces: readonly string[]): Peer[] {
    return [
        { namespaceSelector: { matchExpressions: [{ key: WORKSPACE_LABEL, operator: "Exists" }] } },
        ...namespaces.map((name) => ({ namespaceSelector: named(name) })),
    ];
}

/** Lets a pod connect to the database: by its labels where it runs in the cluster. */
export function databaseEgress({ podLabels, namespace, port }: DatabaseServer): EgressRule {
    const ports = [{ port, protocol: "TCP" }];
    if (podLabels === undefined) return { ports };
    return { ports, to: [{ namespaceSelector: named(namespace), podSelector: { matchLabels: podLabels } }] };
}

/** Lets a pod connect to the object store, and to what gives it the right on AWS. S3 itself is on a port open to all. */
export function objectStoreEgress({ administration, endpoint, aws }: ObjectStore): EgressRule[] {
    const rules: EgressRule[] = [];
    if (administration !== undefined && endpoint !== undefined) {
        const port = pulumi.output(endpoint).apply((url) => Number(new URL(url).port) || 443);
        rules.push({
            ports: [{ port, protocol: "TCP" }],
            to: [{ namespaceSelector: named(administration.namespace) }],
        });
    }
    if (aws !== undefined) {
        rules.push({ ports: [{ port: 80, protocol: "TCP" }], to: [{ ipBlock: { cidr: POD_IDENTITY_AGENT } }] });
    }
    return rules;
}

function named(namespace: pulumi.Input<string>): k8s.types.input.meta.v1.LabelSelector {
    return { matchLabels: { "kubernetes.io/metadata.name": namespace } };
}

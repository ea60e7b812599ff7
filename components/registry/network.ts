import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { ObjectStore, TEAM_LABEL } from "../contracts";
import { inNamespace, tcp } from "../kubernetes/network";

type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** Where EKS Pod Identity's agent gives a pod its role, on every node. */
const POD_IDENTITY_AGENT = "169.254.170.23/32";

/** Who may connect to the server: teams, and the namespaces of the routes that lead to it. */
export function callersOf(namespaces: readonly string[]): Peer[] {
    return [
        { namespaceSelector: { matchExpressions: [{ key: TEAM_LABEL, operator: "Exists" }] } },
        ...namespaces.map((name) => inNamespace(name)),
    ];
}

/** Lets a pod connect to the object store, and to what gives it the right on AWS. S3 itself is on a port open to all. */
export function objectStoreEgress({ administration, endpoint, aws }: ObjectStore): EgressRule[] {
    const rules: EgressRule[] = [];
    if (administration !== undefined && endpoint !== undefined) {
        const port = pulumi.output(endpoint).apply((url) => Number(new URL(url).port) || 443);
        rules.push({
            ports: [tcp(port)],
            to: [inNamespace(administration.namespace)],
        });
    }
    if (aws !== undefined) {
        rules.push({ ports: [tcp(80)], to: [{ ipBlock: { cidr: POD_IDENTITY_AGENT } }] });
    }
    return rules;
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Tenant } from "../contracts";
import { notebookPolicy } from "./network";
import { HUB, TRUST_CONFIG_MAP } from "./settings";

const API_GROUP = "rbac.authorization.k8s.io";

interface Opened {
    readonly tenant: Tenant;
    /** Namespace of the hub. */
    readonly namespace: pulumi.Input<string>;
    /** In PEM. */
    readonly trusted?: pulumi.Input<string> | undefined;
}

/** What the hub may do in a team's namespace, and what its notebooks find there. */
export class NotebookPlace extends pulumi.ComponentResource {
    constructor(name: string, { tenant, namespace, trusted }: Opened, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:NotebookPlace", name, {}, opts);
        const parent = { parent: this };
        const metadata = { name: "notebooks", namespace: tenant.namespace };
        const role = new k8s.rbac.v1.Role(name, { metadata, rules: RULES }, parent);
        new k8s.rbac.v1.RoleBinding(
            name,
            {
                metadata,
                roleRef: { apiGroup: API_GROUP, kind: "Role", name: role.metadata.name },
                subjects: [{ kind: "ServiceAccount", name: HUB, namespace }],
            },
            parent,
        );
        new k8s.networking.v1.NetworkPolicy(name, { metadata, spec: notebookPolicy(namespace) }, parent);
        if (trusted !== undefined) {
            new k8s.core.v1.ConfigMap(
                `${name}-trust`,
                {
                    metadata: { name: TRUST_CONFIG_MAP, namespace: tenant.namespace },
                    data: { "platform.crt": trusted },
                },
                parent,
            );
        }
        this.registerOutputs({});
    }
}

/** Starts, watches and ends pods with their volumes; it reads no Secret. */
const RULES: k8s.types.input.rbac.v1.PolicyRule[] = [
    {
        apiGroups: [""],
        resources: ["pods", "persistentvolumeclaims"],
        verbs: ["get", "list", "watch", "create", "delete"],
    },
    { apiGroups: [""], resources: ["events"], verbs: ["get", "list", "watch"] },
];

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Identity } from "../contracts";
import { registryRules, RegistryRole } from "../registry";

export interface PlatformAdminsArgs {
    /** Whose group of administrators it is. */
    identity: Identity;
}

/**
 * What the platform's administrators may do with their sign-in: look at everything but Secrets, in every team, and stop
 * or delete what runs. What changes the platform itself is Pulumi's.
 */
export class PlatformAdmins extends pulumi.ComponentResource {
    constructor(name: string, args: PlatformAdminsArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:PlatformAdmins", name, {}, opts);
        const { identity } = args;
        const parent = { parent: this };
        const apiGroup = "rbac.authorization.k8s.io";
        const subjects = [{ kind: "Group", name: `${identity.prefix}${identity.adminGroup}`, apiGroup }];
        const role = new k8s.rbac.v1.ClusterRole(name, { metadata: { name }, rules: RULES }, parent);
        const names = { [name]: role.metadata.name, [`${name}-view`]: "view" };
        for (const [binding, of] of Object.entries(names)) {
            const roleRef = { apiGroup, kind: "ClusterRole", name: of };
            new k8s.rbac.v1.ClusterRoleBinding(binding, { metadata: { name: binding }, roleRef, subjects }, parent);
        }
        this.registerOutputs({});
    }
}

const READ = ["get", "list", "watch"];

const RULES: k8s.types.input.rbac.v1.PolicyRule[] = [
    { apiGroups: [""], resources: ["nodes", "namespaces", "persistentvolumes"], verbs: READ },
    {
        apiGroups: ["argoproj.io"],
        resources: ["workflows", "workflowtemplates", "cronworkflows", "workflowtaskresults", "workflowtasksets"],
        verbs: READ,
    },
    { apiGroups: ["argoproj.io"], resources: ["workflows", "cronworkflows"], verbs: ["patch", "update", "delete"] },
    { apiGroups: ["trainer.kubeflow.org"], resources: ["trainjobs", "clustertrainingruntimes"], verbs: READ },
    { apiGroups: ["jobset.x-k8s.io"], resources: ["jobsets"], verbs: READ },
    { apiGroups: ["trainer.kubeflow.org"], resources: ["trainjobs"], verbs: ["patch", "delete"] },
    { apiGroups: ["kueue.x-k8s.io"], resources: ["clusterqueues", "localqueues", "workloads"], verbs: READ },
    ...registryRules(RegistryRole.Reader),
];

import * as k8s from "@pulumi/kubernetes";

/** API group of the registry's resources: nothing is stored under it, it exists for access reviews alone. */
export const REGISTRY_API_GROUP = "mlflow.kubeflow.org";

/** What an account may do with the runs and models of its own namespace. */
export const RegistryRole = {
    /** Look at runs, data sets and models. */
    Reader: "reader",
    /** Log runs, register models, move aliases, delete. */
    Writer: "writer",
} as const;
export type RegistryRole = (typeof RegistryRole)[keyof typeof RegistryRole];

/** What teams use of MLflow; its gateway for language models, its assistant and its MCP servers stay shut. */
const RESOURCES = ["experiments", "datasets", "registeredmodels"];

const VERBS: Readonly<Record<RegistryRole, readonly string[]>> = {
    reader: ["get", "list"],
    writer: ["get", "list", "create", "update", "delete"],
};

/**
 * Rules that let an account use the registry as far as `role` goes, in whatever namespace a Role with them stands. Pure.
 *
 * @see https://github.com/kubeflow/mlflow-integration/blob/main/docs/kubernetes-rbac.md
 */
export function registryRules(role: RegistryRole): k8s.types.input.rbac.v1.PolicyRule[] {
    return [{ apiGroups: [REGISTRY_API_GROUP], resources: [...RESOURCES], verbs: [...VERBS[role]] }];
}

import { containerSecurity, podSecurity, podSecurityLabels } from "../../components/kubernetes/hardening";
import { controllerClusterRules, controllerNamespaceRules } from "../../components/pipelines/rights";
import { references } from "../../images/catalogue";

export const BARE_NAMESPACE = "mlp-bench-argo";
/** The platform's controller leaves workflows of another instance alone. */
export const INSTANCE = "bench";

const CONTROLLER = "workflow-controller";

/**
 * Argo's controller of the same image with upstream's defaults, for one namespace. What is not upstream's: the label of its
 * instance, so that the two do not fight, the executor's image, which no registry has to be asked for, and the executor's
 * security context, without which a namespace of level `restricted` refuses the pods.
 */
export function bareController(): object {
    const images = references();
    const metadata = (name: string) => ({ name, namespace: BARE_NAMESPACE });
    const account = (name: string) => ({ apiVersion: "v1", kind: "ServiceAccount", metadata: metadata(name) });
    const role = (name: string, rules: readonly unknown[]) => [
        { apiVersion: `${RBAC}/v1`, kind: "Role", metadata: metadata(name), rules },
        {
            apiVersion: `${RBAC}/v1`,
            kind: "RoleBinding",
            metadata: metadata(name),
            roleRef: { apiGroup: RBAC, kind: "Role", name },
            subjects: [{ kind: "ServiceAccount", ...metadata(name) }],
        },
    ];
    const items = [
        {
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name: BARE_NAMESPACE, labels: podSecurityLabels("restricted") },
        },
        account(CONTROLLER),
        account("pipeline"),
        ...role(CONTROLLER, [...(controllerClusterRules as unknown[]), ...(controllerNamespaceRules([]) as unknown[])]),
        ...role("pipeline", [
            { apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] },
        ]),
        {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: metadata("workflow-controller-configmap"),
            data: {
                config: JSON.stringify({ instanceID: INSTANCE, executor: { securityContext: containerSecurity() } }),
            },
        },
        {
            apiVersion: "v1",
            kind: "Pod",
            metadata: metadata(CONTROLLER),
            spec: {
                serviceAccountName: CONTROLLER,
                securityContext: podSecurity(),
                containers: [
                    {
                        name: CONTROLLER,
                        image: images["argo-workflow-controller"],
                        args: ["--namespaced", "--executor-image", images["argo-executor"]],
                        env: [
                            {
                                name: "LEADER_ELECTION_IDENTITY",
                                valueFrom: { fieldRef: { fieldPath: "metadata.name" } },
                            },
                        ],
                        readinessProbe: { httpGet: { path: "/healthz", port: 6060 }, periodSeconds: 2 },
                        securityContext: containerSecurity(),
                    },
                ],
            },
        },
    ];
    return { apiVersion: "v1", kind: "List", items };
}

const RBAC = "rbac.authorization.k8s.io";

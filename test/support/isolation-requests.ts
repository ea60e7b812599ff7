/** What a team must not be able to ask for, and who shows that the request itself is a right one. */
import { ApiRequest } from "./cluster-api";
import { tenantContainer, tenantPod } from "./tenant-pod";

export const OWN = "team-vision";
export const OTHER = "team-language";
export const ACCOUNT = `system:serviceaccount:${OTHER}:member`;
const RBAC = "rbac.authorization.k8s.io";

export const GET = "GET";
const POST = "POST";
const dryRun = (path: string) => `${path}${path.includes("?") ? "&" : "?"}dryRun=All`;
export const inCore = (namespace: string, rest: string) => `/api/v1/namespaces/${namespace}/${rest}`;

function objectOf(apiVersion: string, kind: string, more: object): object {
    return { apiVersion, kind, metadata: { generateName: "isolation-" }, ...more };
}

const workflow = objectOf("argoproj.io/v1alpha1", "Workflow", {
    spec: { entrypoint: "a", templates: [{ name: "a", suspend: {} }] },
});
const tokenRequest = objectOf("authentication.k8s.io/v1", "TokenRequest", { metadata: {}, spec: {} });
const roleOf = (rules: object[]) => objectOf(`${RBAC}/v1`, "Role", { rules });
const bindingTo = (name: string) =>
    objectOf(`${RBAC}/v1`, "RoleBinding", {
        roleRef: { apiGroup: RBAC, kind: "ClusterRole", name },
        subjects: [{ kind: "ServiceAccount", name: "member", namespace: OWN }],
    });

/** What a member may do at home and not next door. */
export const AT_HOME_ALONE: readonly (readonly [string, (namespace: string) => ApiRequest])[] = [
    ["look at a pod", (home) => ({ method: GET, path: inCore(home, "pods/probe") })],
    ["list pods", (home) => ({ method: GET, path: inCore(home, "pods") })],
    ["read a pod's log", (home) => ({ method: GET, path: inCore(home, "pods/probe/log") })],
    ["read the key of the object store", (home) => ({ method: GET, path: inCore(home, "secrets/object-store") })],
    ["read the environment", (home) => ({ method: GET, path: inCore(home, "configmaps/mlp-environment") })],
    ["look at volumes", (home) => ({ method: GET, path: inCore(home, "persistentvolumeclaims") })],
    ["look at events", (home) => ({ method: GET, path: inCore(home, "events") })],
    ["look at the quota", (home) => ({ method: GET, path: inCore(home, "resourcequotas/team") })],
    [
        "start a workflow",
        (home) => ({
            method: POST,
            path: dryRun(`/apis/argoproj.io/v1alpha1/namespaces/${home}/workflows`),
            body: workflow,
        }),
    ],
    [
        "look at training jobs",
        (home) => ({ method: GET, path: `/apis/trainer.kubeflow.org/v1alpha1/namespaces/${home}/trainjobs` }),
    ],
];

/** What no member may do anywhere; the cluster's administrator, who may, shows that the request is a right one. */
export const ADMINISTRATORS_ALONE: readonly (readonly [string, ApiRequest])[] = [
    ["run a command in another team's pod", { method: POST, path: inCore(OTHER, "pods/probe/exec?command=true") }],
    ["open a port of another team's pod", { method: POST, path: inCore(OTHER, "pods/probe/portforward?ports=8080") }],
    ["list another team's Secrets", { method: GET, path: inCore(OTHER, "secrets") }],
    ["list its own team's Secrets", { method: GET, path: inCore(OWN, "secrets") }],
    ["list nodes", { method: GET, path: "/api/v1/nodes" }],
    ["list namespaces", { method: GET, path: "/api/v1/namespaces" }],
    ["reach the kubelet through the API server", { method: GET, path: "/api/v1/nodes/mlp-local/proxy/pods" }],
    ["list definitions", { method: GET, path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions" }],
    ["list cluster roles", { method: GET, path: `/apis/${RBAC}/v1/clusterroles` }],
    [
        "give itself more by a role",
        {
            method: POST,
            path: dryRun(`/apis/${RBAC}/v1/namespaces/${OWN}/roles`),
            body: roleOf([{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]),
        },
    ],
    [
        "bind itself to cluster-admin",
        {
            method: POST,
            path: dryRun(`/apis/${RBAC}/v1/namespaces/${OWN}/rolebindings`),
            body: bindingTo("cluster-admin"),
        },
    ],
    [
        "pass for another team's account",
        { method: GET, path: inCore(OTHER, "pods"), headers: { "Impersonate-User": ACCOUNT } },
    ],
    [
        "take a token of another team's account",
        { method: POST, path: inCore(OTHER, "serviceaccounts/member/token"), body: tokenRequest },
    ],
    [
        "take a token of its team's other account",
        { method: POST, path: inCore(OWN, "serviceaccounts/pipeline/token"), body: tokenRequest },
    ],
    [
        "open its network",
        { method: "DELETE", path: dryRun(`/apis/networking.k8s.io/v1/namespaces/${OWN}/networkpolicies/deny-all`) },
    ],
    ["lift its quota", { method: "DELETE", path: dryRun(inCore(OWN, "resourcequotas/team")) }],
    [
        "start a pod past the workflows",
        {
            method: POST,
            path: dryRun(inCore(OWN, "pods")),
            body: tenantPod(OWN, "isolation", "member", tenantContainer(["true"])),
        },
    ],
];

/** Pods that would leave their place; the same pod without it is let in. */
export const TOO_MUCH: readonly (readonly [string, object, object])[] = [
    ["privileges", { securityContext: { privileged: true } }, {}],
    ["a capability", { securityContext: { capabilities: { add: ["NET_ADMIN"], drop: ["ALL"] } } }, {}],
    ["root", { securityContext: { runAsUser: 0, runAsNonRoot: false } }, {}],
    ["no seccomp profile", { securityContext: { seccompProfile: { type: "Unconfined" } } }, {}],
    ["a port of the node", { ports: [{ containerPort: 8080, hostPort: 8080 }] }, {}],
    ["a folder of the node", {}, { volumes: [{ name: "scratch", hostPath: { path: "/" } }] }],
    ["the node's network", {}, { hostNetwork: true }],
    ["the node's processes", {}, { hostPID: true }],
    ["the node's memory", {}, { hostIPC: true }],
];

export function podWith(container: object, spec: object): object {
    const base = tenantContainer(["true"]) as { securityContext: object };
    const more = container as { securityContext?: object };
    const merged = { ...base, ...more, securityContext: { ...base.securityContext, ...more.securityContext } };
    const pod = tenantPod(OWN, "isolation", "member", merged) as { spec: object };
    return { ...pod, spec: { ...pod.spec, ...spec } };
}

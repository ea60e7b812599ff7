import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";

import { ObjectStore, ObjectStoreKind, Tenant } from "../../../components/contracts";
import { Team } from "../../../components/tenancy";
import { memberRules } from "../../../components/tenancy/roles";
import { record, Registered } from "../../support/mocks";
import { policyFindings } from "../../support/policy-findings";

const store: ObjectStore = {
    kind: ObjectStoreKind.SeaweedFs,
    endpoint: "http://seaweedfs.mlp-data.svc:8333",
    region: "us-east-1",
    artifactsBucket: "artifacts",
    backupsBucket: "backups",
    administration: { namespace: "mlp-data", secretName: "seaweedfs", address: "seaweedfs.mlp-data.svc:8333" },
};
const registry = { trackingUri: "http://mlflow.mlp-registry.svc:5000", trackingAuth: "kubernetes-namespaced" };
const images = { references: { seaweedfs: `chrislusf/seaweedfs:4.48@sha256:${"0".repeat(64)}` } };

const gateway = {
    name: "mlp",
    namespace: "mlp-gateway",
    sectionName: "https",
    domain: "mlp.localhost",
    port: 26444,
    podLabels: { "app.kubernetes.io/name": "envoy" },
    podPort: 10443,
};

let resources: Registered[];
let tenant: Tenant;

beforeAll(async () => {
    resources = await record(() => {
        const providers = [new k8s.Provider("cluster", { kubeconfig: "kubeconfig" }), new random.Provider("random")];
        const args = { images, store, registry, argoServer: "argo-server.mlp-pipelines.svc:2746" };
        const members = { users: ["ana@example.org"], groups: ["vision"] };
        const admins = { users: ["ana@example.org", "eve@example.org"] };
        tenant = new Team("vision", { ...args, name: "vision", members, admins }, { providers }).tenant;
        new Team("language", { name: "language", images, store, gateway }, { providers });
    });
});

interface Rule {
    apiGroups: string[];
    resources: string[];
    verbs: string[];
    resourceNames?: string[];
}

function find(kind: string, name: string, namespace = "team-vision"): Record<string, unknown> {
    const found = resources.find(({ type, inputs }) => {
        const metadata = inputs.metadata as { name?: string; namespace?: string } | undefined;
        return type.endsWith(`:${kind}`) && metadata?.name === name && (metadata.namespace ?? namespace) === namespace;
    });
    if (found === undefined) throw new Error(`no ${kind} ${name} in ${namespace}`);
    return found.inputs;
}

const rulesOf = (role: string) => find("Role", role).rules as Rule[];
const allows = (role: string, verb: string, group: string, resource: string) =>
    rulesOf(role).some(
        ({ apiGroups, resources: named, verbs, resourceNames }) =>
            resourceNames === undefined &&
            apiGroups.includes(group) &&
            named.includes(resource) &&
            verbs.includes(verb),
    );

describe("a team", () => {
    it("takes every provider from its options", () => {
        const without = resources.filter(
            ({ custom, type, provider }) => custom && !type.startsWith("pulumi:providers:") && provider === "",
        );
        expect(without).toEqual([]);
    });

    it("has a namespace that holds only restricted pods, and is found by its label", () => {
        expect(find("Namespace", "team-vision").metadata).toMatchObject({
            labels: { "mlp.dev/team": "vision", "pod-security.kubernetes.io/enforce": "restricted" },
        });
    });

    it("tells others where it is", () => {
        expect(tenant).toMatchObject({ name: "vision", objectPrefix: "team-vision/" });
    });

    it("has a quota, and requests and limits for containers that have none", () => {
        expect(find("ResourceQuota", "team").spec).toMatchObject({
            hard: {
                "requests.cpu": "16",
                "requests.memory": "64Gi",
                "limits.memory": "128Gi",
                "requests.nvidia.com/gpu": "4",
                pods: "100",
                persistentvolumeclaims: "20",
                "requests.storage": "200Gi",
                "count/jobs.batch": "500",
                "services.nodeports": "0",
            },
        });
        expect(find("LimitRange", "team").spec).toEqual({
            limits: [
                {
                    type: "Container",
                    defaultRequest: { cpu: "100m", memory: "256Mi" },
                    default: { memory: "1Gi" },
                },
            ],
        });
    });

    it("lets clients find the platform's services, and holds no secret", () => {
        expect(find("ConfigMap", "mlp-environment").data).toEqual({
            AWS_REGION: "us-east-1",
            AWS_ENDPOINT_URL_S3: "http://seaweedfs.mlp-data.svc:8333",
            GIT_PYTHON_REFRESH: "quiet",
            MLP_ARTIFACTS_BUCKET: "artifacts",
            MLP_OBJECT_PREFIX: "team-vision/",
            MLFLOW_TRACKING_URI: registry.trackingUri,
            MLFLOW_TRACKING_AUTH: registry.trackingAuth,
            MLFLOW_WORKSPACE: "team-vision",
            ARGO_SERVER: "argo-server.mlp-pipelines.svc:2746",
            ARGO_NAMESPACE: "team-vision",
        });
    });

    it("says nothing of services that are not there", () => {
        expect(Object.keys(find("ConfigMap", "mlp-environment", "team-language").data as object).sort()).toEqual([
            "AWS_ENDPOINT_URL_S3",
            "AWS_REGION",
            "MLP_ARTIFACTS_BUCKET",
            "MLP_OBJECT_PREFIX",
        ]);
    });

    it("keeps every policy of prod, save that its store has keys", () => {
        // The store in the cluster has keys, which only a local platform may have.
        expect(policyFindings(resources).filter((one) => !one.startsWith("no-static-object-keys "))).toEqual([]);
    });
});

describe("a team's rights", () => {
    it.each([
        ["create", "argoproj.io", "workflowtaskresults"],
        ["patch", "argoproj.io", "workflowtaskresults"],
        ["patch", "argoproj.io", "workflowartifactgctasks/status"],
        ["create", "trainer.kubeflow.org", "trainjobs"],
        ["watch", "trainer.kubeflow.org", "trainjobs"],
        ["get", "", "pods/log"],
        ["create", "mlflow.kubeflow.org", "registeredmodels"],
    ])("let a pipeline %s %s/%s", (...right) => expect(allows("pipeline", ...right)).toBe(true));

    it.each([
        ["get", "argoproj.io", "workflowtaskresults"],
        ["create", "argoproj.io", "workflows"],
        ["create", "", "pods"],
        ["get", "", "secrets"],
        ["create", "", "configmaps"],
    ])("do not let a pipeline %s %s/%s", (...right) => expect(allows("pipeline", ...right)).toBe(false));

    it.each([
        ...["workflows", "workflowtemplates", "cronworkflows"].flatMap((kind) =>
            ["get", "list", "watch", "create", "update", "patch", "delete"].map((verb) => [verb, "argoproj.io", kind]),
        ),
        ["delete", "trainer.kubeflow.org", "trainjobs"],
        ["list", "trainer.kubeflow.org", "trainingruntimes"],
        ["list", "", "events"],
        ["get", "", "resourcequotas"],
        ["update", "mlflow.kubeflow.org", "registeredmodels"],
    ] as [string, string, string][])("let members %s %s/%s", (...right) =>
        expect(allows("member", ...right)).toBe(true),
    );

    it.each([
        ["get", "", "secrets"],
        ["create", "", "pods"],
        ["create", "", "pods/exec"],
        ["get", "", "configmaps"],
        ["update", "", "resourcequotas"],
        ["create", "", "serviceaccounts/token"],
        ["create", "rbac.authorization.k8s.io", "rolebindings"],
    ])("do not let members %s %s/%s", (...right) => expect(allows("member", ...right)).toBe(false));

    it("let members read the team's key of the object store, where there is one, and no other Secret", () => {
        const onSecrets = ({ resources: named }: { resources?: unknown }) => JSON.stringify(named) === '["secrets"]';
        expect(rulesOf("member").filter(onSecrets)).toEqual([
            { apiGroups: [""], resources: ["secrets"], resourceNames: ["object-store"], verbs: ["get"] },
        ]);
        expect(memberRules().filter(onSecrets)).toEqual([]);
    });

    it("are given to users and groups as to the members' account, with its token on top", () => {
        const people = [
            { kind: "User", name: "ana@example.org", apiGroup: "rbac.authorization.k8s.io" },
            { kind: "User", name: "eve@example.org", apiGroup: "rbac.authorization.k8s.io" },
            { kind: "Group", name: "vision", apiGroup: "rbac.authorization.k8s.io" },
        ];
        const account = { kind: "ServiceAccount", name: "member", namespace: "team-vision" };
        expect(find("RoleBinding", "member").subjects).toEqual([account, ...people]);
        expect(find("RoleBinding", "member-token").subjects).toEqual(people);
        expect(rulesOf("member-token")).toEqual([
            { apiGroups: [""], resources: ["serviceaccounts/token"], resourceNames: ["member"], verbs: ["create"] },
        ]);
        expect(() => find("Role", "member-token", "team-language")).toThrow("no Role");
    });

    it("reach beyond the namespace only to the training runtimes, to read them", () => {
        const roles = resources.filter(({ type }) => type.endsWith(":ClusterRole")).map(({ inputs }) => inputs.rules);
        const shared = [
            {
                apiGroups: ["trainer.kubeflow.org"],
                resources: ["clustertrainingruntimes"],
                verbs: ["get", "list", "watch"],
            },
        ];
        expect(roles).toEqual([shared, shared]);
    });
});

describe("a team's administrators", () => {
    it("are members too, each bound once", () => {
        const subjects = find("RoleBinding", "member").subjects as { kind: string; name: string }[];
        expect(subjects.filter(({ kind }) => kind === "User").map(({ name }) => name)).toEqual([
            "ana@example.org",
            "eve@example.org",
        ]);
        expect(find("RoleBinding", "admin").subjects).toMatchObject([
            { name: "ana@example.org" },
            { name: "eve@example.org" },
        ]);
    });

    it.each([
        ["create", "", "secrets"],
        ["delete", "", "persistentvolumeclaims"],
        ["list", "rbac.authorization.k8s.io", "rolebindings"],
    ])("may %s %s/%s", (verb, group, resource) => expect(allows("admin", verb, group, resource)).toBe(true));

    it.each([
        ["create", "rbac.authorization.k8s.io", "rolebindings"],
        ["bind", "rbac.authorization.k8s.io", "roles"],
        ["update", "", "resourcequotas"],
        ["delete", "networking.k8s.io", "networkpolicies"],
        ["create", "", "serviceaccounts/token"],
        ["impersonate", "", "serviceaccounts"],
        ["create", "", "pods/exec"],
    ])("may not %s %s/%s", (verb, group, resource) => expect(allows("admin", verb, group, resource)).toBe(false));

    it("are nobody where none are named", () => {
        expect(() => find("Role", "admin", "team-language")).toThrow("no Role");
    });
});

describe("a team's network", () => {
    const egress = (namespace: string) => {
        const spec = find("NetworkPolicy", "platform", namespace).spec as {
            egress: { to?: { namespaceSelector?: { matchLabels: object } }[]; ports?: { port: number }[] }[];
        };
        return spec.egress.map(({ to, ports }) => [to, ports?.map(({ port }) => port)]);
    };
    const within = (namespace: string) => [
        { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } },
    ];

    it("is closed but for what is named", () => {
        expect(find("NetworkPolicy", "deny-all").spec).toEqual({
            podSelector: {},
            policyTypes: ["Ingress", "Egress"],
        });
        expect(egress("team-vision")).toEqual([
            [within("kube-system"), [53, 53]],
            [undefined, [443, 6443]],
            [within("mlp-data"), [8333]],
            [within("mlp-registry"), [5000]],
            [within("mlp-pipelines"), [2746]],
            [
                [{ ipBlock: { cidr: "0.0.0.0/0", except: expect.arrayContaining(["169.254.0.0/16"]) as unknown } }],
                undefined,
            ],
        ]);
    });

    it("leads to no service that is not there", () => {
        expect(egress("team-language")).toEqual([
            [within("kube-system"), [53, 53]],
            [undefined, [443, 6443]],
            [within("mlp-data"), [8333]],
            // The gateway's proxies, and nothing else of their namespace.
            [[{ ...within("mlp-gateway")[0], podSelector: { matchLabels: gateway.podLabels } }], [10443]],
            expect.anything() as unknown,
        ]);
    });

    it("lets the pods of a distributed training meet", () => {
        expect(find("NetworkPolicy", "within-team").spec).toMatchObject({
            ingress: [{ from: [{ podSelector: {} }] }],
            egress: [{ to: [{ podSelector: {} }] }],
        });
    });
});

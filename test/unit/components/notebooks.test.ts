import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import fc from "fast-check";

import { DatabaseServer, Gateway, GpuPool, Identity, Tenant } from "../../../components/contracts";
import { NotebookProfile, Notebooks, NotebooksInput, resolveNotebooks } from "../../../components/notebooks";
import { InvalidConfiguration } from "../../../components/problems";
import { record, Registered } from "../../support/mocks";

const images = {
    references: { jupyterhub: "hub:1", "configurable-http-proxy": "proxy:1", notebook: "notebook:1", postgres: "p:17" },
};
const server: DatabaseServer = {
    host: "postgres.mlp-data.svc",
    port: 5432,
    version: "17",
    caCertificates: "-----BEGIN CERTIFICATE-----",
    namespace: "mlp-data",
    adminSecretName: "postgres-administrator",
    podLabels: { "app.kubernetes.io/name": "postgres" },
};
const gateway: Gateway = {
    name: "mlp",
    namespace: "mlp-gateway",
    sectionName: "https",
    domain: "mlp.localhost",
    port: 26532,
    caCertificates: "gateway's CA\n",
    podLabels: { "app.kubernetes.io/component": "proxy" },
    podPort: 10443,
};
const identity: Identity = {
    issuer: "https://id.mlp.localhost:26532",
    authorizationEndpoint: "https://id.mlp.localhost:26532/auth",
    tokenEndpoint: "https://id.mlp.localhost:26532/token",
    userinfoEndpoint: "https://id.mlp.localhost:26532/me",
    jwksUri: "https://id.mlp.localhost:26532/jwks",
    caCertificates: "gateway's CA\n",
    audiences: ["hub"],
    scopes: ["profile", "email", "groups"],
    usernameClaim: "email",
    groupsClaim: "groups",
    prefix: "oidc:",
    adminGroup: "platform-admins",
    gateway: { clientId: "gateway", clientSecret: "g" },
    hub: { clientId: "hub", clientSecret: "marker-of-the-client" },
};
const pool: GpuPool = {
    name: "a10",
    resource: "nvidia.com/gpu",
    gpusPerNode: 4,
    maxNodes: 1,
    nodeLabels: { "mlp.dev/pool": "a10" },
};
const tenant = (name: string, more: Partial<Tenant> = {}): Tenant => ({
    name,
    namespace: `team-${name}`,
    objectPrefix: `team-${name}/`,
    pipelineServiceAccount: "pipeline",
    memberServiceAccount: "member",
    objects: { region: "us-east-1", secretName: "object-store" },
    ...more,
});

interface HubSettings {
    public_url: string;
    teams: { name: string; groups: string[]; users: string[]; queue?: string }[];
    profiles: { name: string; gpus?: number; node_selector?: object; gpu_idle_seconds?: number }[];
    identity: { ca_path?: string };
}
interface Container {
    env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
    args: string[];
    image: string;
}
let resources: Registered[];
const find = (type: string, name: string) => {
    const found = resources.find((each) => each.type === type && each.name === name);
    if (found === undefined) throw new Error(`no ${type} ${name}`);
    return found.inputs;
};
const deployment = (name: string) =>
    find("kubernetes:apps/v1:Deployment", name).spec as {
        strategy: { type: string };
        template: { spec: { automountServiceAccountToken: boolean; containers: Container[] } };
    };
const container = (name: string) => deployment(name).template.spec.containers[0]!;
const settings = () =>
    JSON.parse(
        (find("kubernetes:core/v1:ConfigMap", "hub").data as Record<string, string>)["config.yaml"] ?? "",
    ) as HubSettings;
const policy = (name: string) =>
    find("kubernetes:networking.k8s.io/v1:NetworkPolicy", name).spec as {
        ingress: { ports: { port: number }[]; from?: object[] }[];
        egress?: { ports: { port: number }[]; to?: object[] }[];
    };

beforeAll(async () => {
    resources = await record(() => {
        const providers = [new k8s.Provider("cluster", { kubeconfig: "kubeconfig" }), new random.Provider("random")];
        return new Notebooks(
            "notebooks",
            {
                images,
                server,
                gateway,
                identity,
                gpuPools: [pool],
                teams: [
                    {
                        tenant: tenant("vision", { queueName: "default" }),
                        groups: ["oidc:seers"],
                        users: ["oidc:Ana@x"],
                    },
                    { tenant: tenant("language") },
                ],
                trustedCertificates: ["Argo's CA"],
            },
            { providers },
        );
    });
});

describe("Notebooks", () => {
    it("takes every provider from its options", () => {
        const without = resources.filter(
            ({ custom, type, provider }) => custom && !type.startsWith("pulumi:providers:") && provider === "",
        );
        expect(without).toEqual([]);
    });

    it("runs the proxy apart from the hub, which may start anew alone", () => {
        expect(deployment("hub").strategy.type).toBe("Recreate");
        expect(container("proxy").args).toContain("--default-target=http://hub.mlp-notebooks.svc:8081");
        expect(deployment("proxy").template.spec.automountServiceAccountToken).toBe(false);
    });

    it("gives the hub no right outside the namespaces of teams, and no Secret anywhere", () => {
        const cluster = resources.filter(({ type }) => /rbac.*:(ClusterRole|ClusterRoleBinding)$/.test(type));
        expect(cluster).toEqual([]);
        const roles = resources.filter(({ type }) => type.endsWith(":Role"));
        expect(roles.map(({ inputs }) => (inputs.metadata as { namespace: string }).namespace).sort()).toEqual([
            "team-language",
            "team-vision",
        ]);
        for (const { inputs } of roles) {
            const rules = inputs.rules as { resources: string[]; verbs: string[] }[];
            expect(rules.flatMap((rule) => rule.resources).sort()).toEqual([
                "events",
                "persistentvolumeclaims",
                "pods",
            ]);
            expect(rules.flatMap((rule) => rule.verbs)).not.toContain("*");
        }
    });

    it("gives pods their secrets by reference, each a different one", () => {
        const secrets = [container("hub"), container("proxy")].flatMap(({ env }) =>
            env.filter(({ name }) => /TOKEN|SECRET|KEY|URI/.test(name)),
        );
        expect(secrets.map(({ name }) => name)).toEqual([
            "MLP_DATABASE_URI",
            "MLP_PROXY_TOKEN",
            "MLP_COOKIE_SECRET",
            "MLP_CRYPT_KEY",
            "MLP_CLIENT_SECRET",
            "CONFIGPROXY_AUTH_TOKEN",
        ]);
        expect(secrets.filter(({ value }) => value !== undefined)).toEqual([]);
        const data = Object.values(find("kubernetes:core/v1:Secret", "hub").stringData as Record<string, string>);
        expect(new Set(data).size).toBe(4);
        const plain = JSON.stringify(resources.filter(({ type }) => !type.endsWith(":Secret")));
        expect(plain).not.toContain("marker-of-the-client");
    });

    it("tells the hub teams and groups as the provider writes them, and the queue of those that have one", () => {
        expect(settings().public_url).toBe("https://hub.mlp.localhost:26532");
        expect(settings().teams).toMatchObject([
            { name: "vision", groups: ["seers"], users: ["ana@x"], queue: "default" },
            { name: "language", groups: ["team-language"], users: [] },
        ]);
        expect(settings().teams[1]).not.toHaveProperty("queue");
        expect(settings().identity.ca_path).toBe("/etc/identity/ca.crt");
    });

    it("offers a profile for each pool, on that pool's nodes, which is stopped earlier", () => {
        expect(settings().profiles.map(({ name }) => name)).toEqual(["small", "cpu", "gpu-a10"]);
        expect(settings().profiles[2]).toMatchObject({
            gpus: 1,
            node_selector: { "mlp.dev/pool": "a10" },
            gpu_idle_seconds: 900,
        });
        expect(settings().profiles[0]).not.toHaveProperty("gpus");
    });

    it("lets hub and proxy alone come to a team's notebooks, and the gateway to pages alone", () => {
        const { ingress, egress } = policy("notebooks-vision");
        expect(ingress).toHaveLength(1);
        expect(ingress[0]?.ports).toEqual([{ port: 8888, protocol: "TCP" }]);
        expect(ingress[0]?.from).toHaveLength(2);
        expect(egress?.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual([8081]);
        expect(policy("notebooks-from-gateway").ingress).toEqual([
            {
                ports: [{ port: 8000, protocol: "TCP" }],
                from: [
                    {
                        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "mlp-gateway" } },
                        podSelector: { matchLabels: gateway.podLabels },
                    },
                ],
            },
        ]);
        expect(policy("proxy").ingress[0]?.from).toEqual([
            { podSelector: { matchLabels: { "app.kubernetes.io/name": "hub" } } },
        ]);
    });

    it("gives notebooks the certificates of what they call", () => {
        const { data } = find("kubernetes:core/v1:ConfigMap", "notebooks-language-trust");
        expect(data).toEqual({ "platform.crt": "Argo's CA\ngateway's CA\n" });
    });
});

describe("resolveNotebooks", () => {
    const valid: NotebooksInput = { images, identity, teams: [{}], gpuPools: [pool] };
    const problemsOf = (input: NotebooksInput): string[] => {
        try {
            resolveNotebooks(input, "notebooks");
            return [];
        } catch (error) {
            if (error instanceof InvalidConfiguration) return error.problems.map(({ path }) => path);
            throw error;
        }
    };

    it("refuses a hub to which nobody would have to sign in", () => {
        const { identity: _none, ...without } = valid;
        expect(problemsOf(without)).toEqual(["notebooks.identity"]);
    });

    it("tells everything that is wrong at once", () => {
        const profiles: NotebookProfile[] = [
            { name: "Small", cpu: "lots", memory: "4Gi" },
            { name: "gpu", cpu: "1", memory: "4Gi", memoryLimit: "2Gi", gpuPool: "h100" },
            { name: "gpu", cpu: "1", memory: "4Gi", gpuPool: "a10", gpus: 5, gpuIdleSeconds: 7200 },
            { name: "none", cpu: "1", memory: "4Gi", gpus: 1 },
        ];
        const broken = {
            images: { references: {} },
            teams: [],
            gpuPools: [pool],
            profiles,
            culling: { idleSeconds: 5 },
            limits: { serversPerUser: 0 },
            volume: { size: "big" },
        };
        expect(problemsOf(broken)).toEqual([
            "notebooks.images",
            "notebooks.images",
            "notebooks.images",
            "notebooks.identity",
            "notebooks.teams",
            "notebooks.profiles[0].name",
            "notebooks.profiles[0].cpu",
            "notebooks.profiles[1].memoryLimit",
            "notebooks.profiles[1].gpuPool",
            "notebooks.profiles[2].name",
            "notebooks.profiles[2].gpus",
            "notebooks.profiles[2].gpuIdleSeconds",
            "notebooks.profiles[3].gpus",
            "notebooks.culling.idleSeconds",
            "notebooks.limits.serversPerUser",
            "notebooks.volume.size",
        ]);
    });

    it("stops a GPU no later than the notebook, and looks often enough, whatever the limits", () => {
        const seconds = fc.integer({ min: 30, max: 100_000 });
        fc.assert(
            fc.property(seconds, seconds, (idleSeconds, gpuIdleSeconds) => {
                const spec = resolveNotebooks({ ...valid, culling: { idleSeconds, gpuIdleSeconds } }, "notebooks");
                const gpu = spec.profiles.find((profile) => profile.gpu !== undefined)?.gpu;
                expect(gpu?.idleSeconds).toBeLessThanOrEqual(idleSeconds);
                expect(spec.cullEverySeconds).toBeGreaterThanOrEqual(5);
                expect(spec.cullEverySeconds).toBeLessThanOrEqual(Math.max(7, (gpu?.idleSeconds ?? 0) / 4, 5));
            }),
        );
    });
});

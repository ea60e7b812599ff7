import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import fc from "fast-check";

import { DatabaseServer, ObjectStore } from "../../../components/contracts";
import { InvalidConfiguration } from "../../../components/problems";
import { MlflowRegistry, registryRules, RegistryRole, resolveRegistry } from "../../../components/registry";
import { record, Registered } from "../../support/mocks";

const images = {
    references: { mlflow: "mlp.internal/mlflow:3.17.2", postgres: "postgres:17", seaweedfs: "seaweedfs:4.48" },
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
const store: ObjectStore = {
    kind: "seaweedfs",
    endpoint: "http://seaweedfs.mlp-data.svc:8333",
    region: "us-east-1",
    artifactsBucket: "artifacts",
    backupsBucket: "backups",
    administration: { namespace: "mlp-data", secretName: "seaweedfs", address: "seaweedfs:1" },
};

interface Pod {
    containers: { args?: string[]; env: { name: string; value?: string; valueFrom?: object }[] }[];
}
let resources: Registered[];
let trackingUri: string;
const find = (type: string, name: string) => {
    const found = resources.find((each) => each.type === type && each.name === name);
    if (found === undefined) throw new Error(`no ${type} ${name}`);
    return found.inputs;
};
const podOf = (type: string, name: string) =>
    (find(type, name) as { spec: { template: { spec: Pod } } }).spec.template.spec.containers[0]!;
const serverPod = () => podOf("kubernetes:apps/v1:Deployment", "mlflow");

beforeAll(async () => {
    resources = await record(() => {
        const providers = [new k8s.Provider("cluster", { kubeconfig: "kubeconfig" }), new random.Provider("random")];
        const { registry } = new MlflowRegistry(
            "registry",
            { images, server, store, replicas: 2, hosts: ["models.example.org"], callerNamespaces: ["gateway"] },
            { providers },
        );
        (registry.trackingUri as import("@pulumi/pulumi").Output<string>).apply((uri) => (trackingUri = uri));
    });
});

describe("MlflowRegistry", () => {
    it("takes every provider from its options", () => {
        const without = resources.filter(
            ({ custom, type, provider }) => custom && !type.startsWith("pulumi:providers:") && provider === "",
        );
        expect(without).toEqual([]);
    });

    it("is reached at its Service, whose names and port its server answers to", () => {
        expect(trackingUri).toBe("http://mlflow.mlp-registry.svc:5000");
        const hosts = serverPod().args?.find((word) => word.startsWith("--allowed-hosts="));
        expect(hosts?.split(/[=,]/)).toEqual(expect.arrayContaining([new URL(trackingUri).host, "models.example.org"]));
    });

    it("asks Kubernetes who may do what, and stores nothing through the server", () => {
        expect(serverPod().args).toEqual(
            expect.arrayContaining([
                "--app-name=kubernetes-auth",
                "--enable-workspaces",
                "--workspace-store-uri=team-namespaces://?label_selector=mlp.dev/team",
                "--default-artifact-root=s3://artifacts",
                "--no-serve-artifacts",
            ]),
        );
    });

    it("has no right in the cluster but to see which namespaces there are", () => {
        expect(find("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "mlflow").rules).toEqual([
            { apiGroups: [""], resources: ["namespaces"], verbs: ["list", "watch"] },
        ]);
        expect(resources.filter(({ type }) => type === "kubernetes:rbac.authorization.k8s.io/v1:Role")).toEqual([]);
    });

    it("gets passwords and keys from Secrets alone", () => {
        const pods = [serverPod(), podOf("kubernetes:batch/v1:Job", "mlflow-migration")];
        const secrets = pods.flatMap(({ env }) => env.filter(({ name }) => /URI$|KEY/.test(name)));
        expect(secrets).toHaveLength(4);
        for (const { value, valueFrom } of secrets) {
            expect(value).toBeUndefined();
            expect(valueFrom).toHaveProperty("secretKeyRef");
        }
    });

    it("migrates before it serves", () => {
        const order = resources.map(({ type, name }) => `${type} ${name}`);
        expect(order.indexOf("kubernetes:batch/v1:Job mlflow-migration")).toBeLessThan(
            order.indexOf("kubernetes:apps/v1:Deployment mlflow"),
        );
    });

    it("lets teams and the namespaces of its routes connect, and connects to its stores", () => {
        const { ingress, egress } = find("kubernetes:networking.k8s.io/v1:NetworkPolicy", "mlflow").spec as {
            ingress: { from: unknown[] }[];
            egress: { ports: { port: number }[] }[];
        };
        expect(ingress[0]?.from).toEqual([
            { namespaceSelector: { matchExpressions: [{ key: "mlp.dev/team", operator: "Exists" }] } },
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateway" } } },
        ]);
        const ports = egress.flatMap(({ ports }) => ports.map(({ port }) => port));
        expect(ports).toEqual(expect.arrayContaining([5432, 8333]));
    });

    it("keeps one of two pods running", () => {
        expect(find("kubernetes:policy/v1:PodDisruptionBudget", "mlflow").spec).toMatchObject({ minAvailable: 1 });
    });
});

describe("resolveRegistry", () => {
    it("tells everything that is wrong at once", () => {
        const broken = { images: { references: {} }, replicas: 0, hosts: ["https://a.org", "*", "b.org"] };
        const caught = (() => {
            try {
                resolveRegistry(broken, "registry");
                return undefined;
            } catch (error) {
                return error as InvalidConfiguration;
            }
        })();
        expect(caught).toBeInstanceOf(InvalidConfiguration);
        expect(caught?.problems.map(({ path }) => path)).toEqual([
            "registry.images",
            "registry.replicas",
            "registry.hosts[0]",
            "registry.hosts[1]",
        ]);
    });

    it("lets no host but loopback have any port, and none be a wildcard, whatever hosts are given", () => {
        const host = fc.domain().map((name) => name.toLowerCase());
        fc.assert(
            fc.property(fc.array(host), (hosts) => {
                const { allowedHosts, allowedOrigins } = resolveRegistry({ images, hosts }, "registry");
                const globs = allowedHosts.filter((each) => each.includes("*"));
                expect(globs).toEqual(["localhost:*", "127.0.0.1:*"]);
                expect(allowedHosts).toEqual(expect.arrayContaining(hosts));
                expect(allowedOrigins).toEqual([...new Set(hosts)].map((each) => `https://${each}`));
            }),
        );
    });
});

describe("registryRules", () => {
    it("lets readers change nothing", () => {
        const verbs = registryRules(RegistryRole.Reader).flatMap((rule) => rule.verbs as string[]);
        expect([...new Set(verbs)].sort()).toEqual(["get", "list"]);
    });

    it.each(Object.values(RegistryRole))("gives a %s neither wildcards nor the gateway for language models", (role) => {
        for (const { apiGroups, resources: kinds, verbs } of registryRules(role)) {
            expect(apiGroups).toEqual(["mlflow.kubeflow.org"]);
            expect(kinds).toEqual(["experiments", "datasets", "registeredmodels"]);
            expect(verbs).not.toContain("*");
        }
    });
});

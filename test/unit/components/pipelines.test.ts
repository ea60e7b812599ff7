import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

import { ObjectStoreKind } from "../../../components/contracts";
import { Pipelines, PipelinesArgs } from "../../../components/pipelines";
import { resolvePipelines } from "../../../components/pipelines/resolve";
import { record, Registered } from "../../support/mocks";

// More than a megabyte, which a recording would carry about for nothing.
jest.mock("../../../components/pipelines/crds.json", () => ({ generatedBy: "test", crds: [] }));

const images = {
    references: {
        "argo-workflow-controller": "controller:1",
        "argo-executor": "executor:1",
        "argo-server": "server:1",
        postgres: "postgres:17",
    },
};
const database = {
    host: "postgres.mlp-data.svc",
    port: 5432,
    version: "17",
    caCertificates: "ca",
    namespace: "mlp-data",
    adminSecretName: "admin",
    podLabels: { "app.kubernetes.io/name": "postgres" },
};
const seaweed = {
    kind: ObjectStoreKind.SeaweedFs,
    endpoint: "http://seaweedfs.mlp-data.svc:8333",
    region: "us-east-1",
    artifactsBucket: "artifacts",
    backupsBucket: "backups",
    administration: { namespace: "mlp-data", secretName: "s", address: "a" },
};
const s3 = { kind: ObjectStoreKind.S3, region: "eu-west-1", artifactsBucket: "mine", backupsBucket: "backups" };

describe("Pipelines", () => {
    let local: Resources;
    let large: Resources;
    // One recording, as mocks allow: the two tell themselves apart by their provider.
    beforeAll(async () => {
        const all = await record(() => {
            install("local", { images, store: seaweed, database });
            install("large", {
                images,
                store: s3,
                database,
                replicas: 2,
                restrictTemplates: true,
                signOn: {
                    issuer: "https://id",
                    clientId: "argo",
                    clientSecret: "hush",
                    redirectUrl: "https://ui/oauth2/callback",
                },
            });
        });
        const of = (name: string) => new Resources(all.filter(({ provider }) => provider.includes(`::${name}::`)));
        local = of("local");
        large = of("large");
    });

    it("runs one controller at a time where there is one, and lets two choose who works", () => {
        expect(local.deployment("workflow-controller")).toMatchObject({ replicas: 1, strategy: { type: "Recreate" } });
        expect(local.environment("workflow-controller").LEADER_ELECTION_DISABLE).toBe("true");
        expect(large.deployment("workflow-controller")).toMatchObject({ replicas: 2 });
        expect(large.environment("workflow-controller")).not.toHaveProperty("LEADER_ELECTION_DISABLE");
        expect(large.environment("workflow-controller")).toHaveProperty("LEADER_ELECTION_IDENTITY");
        expect(large.names("PodDisruptionBudget")).toEqual(["workflow-controller", "argo-server"]);
    });

    it("asks no registry for the executor or an entry point", () => {
        expect(local.args("workflow-controller").join(" ")).toContain(
            "--executor-image executor:1 --executor-image-pull-policy IfNotPresent",
        );
    });

    it("lets nobody in without a token of their own, and talks TLS with a certificate of ours", () => {
        expect(local.args("argo-server").filter((one) => one.startsWith("--auth-mode"))).toEqual([
            "--auth-mode=client",
        ]);
        expect(large.args("argo-server").filter((one) => one.startsWith("--auth-mode"))).toEqual([
            "--auth-mode=client",
            "--auth-mode=sso",
        ]);
        expect(local.args("argo-server")).toContain("--tls-certificate-secret-name");
        expect(local.args("argo-server")).not.toContain("--auth-mode=server");
    });

    it("reaches the store with the keys of the workflow's namespace, and on AWS with the pod's identity", () => {
        expect(local.configuration()).toMatchObject({
            artifactRepository: {
                archiveLogs: true,
                s3: {
                    bucket: "artifacts",
                    endpoint: "seaweedfs.mlp-data.svc:8333",
                    insecure: true,
                    keyFormat: "{{workflow.namespace}}/pipelines/{{workflow.name}}/{{pod.name}}",
                    accessKeySecret: { name: "object-store" },
                },
            },
        });
        const { artifactRepository } = large.configuration();
        expect(artifactRepository).toMatchObject({
            s3: { endpoint: "s3.eu-west-1.amazonaws.com", insecure: false, useSDKCreds: true },
        });
        expect(JSON.stringify(artifactRepository)).not.toContain("Secret");
    });

    it("checks the database's certificate and name, with the CA mounted where the driver looks", () => {
        expect(local.configuration()).toMatchObject({
            persistence: {
                archive: true,
                archiveTTL: "90d",
                postgresql: { host: database.host, port: 5432, ssl: true, sslMode: "verify-full" },
            },
        });
        for (const name of ["workflow-controller", "argo-server"]) {
            const path = local.environment(name).PGSSLROOTCERT ?? "";
            const pod = JSON.stringify(local.deployment(name));
            expect(pod).toContain(`"mountPath":"${path.slice(0, path.lastIndexOf("/"))}"`);
        }
    });

    it("gives every workflow an account, a context without rights, an end, and a way out of the cluster", () => {
        expect(local.configuration()).toMatchObject({
            workflowDefaults: {
                spec: {
                    serviceAccountName: "pipeline",
                    securityContext: { runAsNonRoot: true },
                    activeDeadlineSeconds: 86_400,
                    podGC: { strategy: "OnPodSuccess" },
                    ttlStrategy: { secondsAfterSuccess: 86_400, secondsAfterFailure: 259_200 },
                    artifactGC: { strategy: "Never" },
                },
            },
            mainContainer: { securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false } },
            executor: { securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false } },
        });
    });

    it("patches the init container alone: main has its own /tmp, and resource templates Argo's", () => {
        const { workflowDefaults } = local.configuration() as { workflowDefaults: { spec: { podSpecPatch: string } } };
        const patch = JSON.parse(workflowDefaults.spec.podSpecPatch) as { initContainers: { name: string }[] };
        expect(Object.keys(patch)).toEqual(["initContainers"]);
        expect(patch.initContainers.map(({ name }) => name)).toEqual(["init"]);
    });

    it("runs nothing but stored templates where that is wanted", () => {
        expect(large.configuration()).toMatchObject({ workflowRestrictions: { templateReferencing: "Secure" } });
        expect(local.configuration()).not.toHaveProperty("workflowRestrictions");
    });

    it("reads no Secret of a team, and in its own namespace those alone that it is told of", () => {
        for (const stack of [local, large]) {
            for (const { kind, rules } of stack.rules()) {
                for (const { resources, resourceNames } of rules) {
                    if (resources.includes("secrets") && kind === "ClusterRole") {
                        expect(resourceNames).toEqual(["member.service-account-token"]);
                    }
                }
            }
        }
        const [controller] = local
            .rules()
            .filter(({ kind, name }) => kind === "Role" && name === "workflow-controller");
        const secrets = controller?.rules.filter(({ resources }) => resources.includes("secrets"));
        expect(secrets).toEqual([
            { apiGroups: [""], resources: ["secrets"], resourceNames: ["argo-database"], verbs: ["get"] },
        ]);
    });

    it("gives the server no right to write anything", () => {
        const [server] = local.rules().filter(({ kind, name }) => kind === "ClusterRole" && name === "argo-server");
        expect(new Set(server?.rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(["get", "list", "watch"]));
    });

    it("lets the API server itself hold the controller to namespaces of teams", () => {
        const guard = local.of("ValidatingAdmissionPolicy").find(({ name }) => name === "pipelines-stays-with-teams");
        expect(guard?.inputs.spec).toMatchObject({
            failurePolicy: "Fail",
            matchConstraints: {
                namespaceSelector: { matchExpressions: [{ key: "mlp.dev/team", operator: "DoesNotExist" }] },
            },
            matchConditions: [
                {
                    expression:
                        'request.userInfo.username == "system:serviceaccount:mlp-pipelines:workflow-controller"',
                },
            ],
        });
        expect(local.names("ValidatingAdmissionPolicyBinding")).toHaveLength(2);
    });

    it("connects to nothing but DNS, the API server, the database and the object store", () => {
        const ports = (name: string) => {
            const policy = local.of("NetworkPolicy").find((one) => one.name === name)?.inputs.spec;
            return (policy as { egress: { ports: { port: number }[] }[] }).egress.flatMap((rule) =>
                rule.ports.map(({ port }) => port),
            );
        };
        expect(new Set(ports("workflow-controller"))).toEqual(new Set([53, 443, 6443, 5432]));
        expect(new Set(ports("argo-server"))).toEqual(new Set([53, 443, 6443, 5432, 8333]));
    });

    it("marks its outputs: a URL over TLS and the CA to check it with", () => {
        expect(local.of("Service").map(({ name }) => name)).toEqual(
            expect.arrayContaining(["argo-server", "workflow-controller"]),
        );
    });
});

describe("resolvePipelines", () => {
    it.each([
        ["no replicas", { replicas: 0 }, /pipelines\.replicas: 0 .*1 to 3/],
        ["half a day", { keepHours: 0.5 }, /pipelines\.keepHours: 0\.5/],
        ["no archive at all", { archiveDays: 0 }, /pipelines\.archiveDays: 0/],
        [
            "a collection that is none",
            { artifactCollection: "always" as never },
            /artifactCollection: "always" .*never/,
        ],
        ["images without Argo", { images: { references: {} } }, /pipelines\.images: "argo-workflow-controller"/],
    ])("refuses %s", (_, change, message) => {
        expect(() => resolvePipelines({ images, store: s3, ...change }, "pipelines")).toThrow(message);
    });
});

interface Rule {
    resources: string[];
    resourceNames?: string[];
    verbs: string[];
}
type Environment = Record<string, string>;

class Resources {
    constructor(private readonly all: Registered[]) {}

    of(kind: string): Registered[] {
        return this.all.filter(({ type }) => type.endsWith(`:${kind}`));
    }

    names(kind: string): string[] {
        return this.of(kind).map(({ name }) => name);
    }

    deployment(name: string): Record<string, unknown> {
        return this.of("Deployment").find((one) => one.name === name)!.inputs.spec as Record<string, unknown>;
    }

    rules(): { kind: string; name: string; rules: Rule[] }[] {
        return ["ClusterRole", "Role"].flatMap((kind) =>
            this.of(kind).map(({ name, inputs }) => ({ kind, name, rules: inputs.rules as Rule[] })),
        );
    }

    private container(name: string): { args: string[]; env: { name: string; value?: string }[] } {
        const { template } = this.deployment(name) as { template: { spec: { containers: never[] } } };
        return template.spec.containers[0]!;
    }

    args(name: string): string[] {
        return this.container(name).args;
    }

    environment(name: string): Environment {
        return Object.fromEntries(this.container(name).env.map((one) => [one.name, one.value ?? ""]));
    }

    configuration(): Record<string, unknown> {
        const map = this.of("ConfigMap").find(({ name }) => name === "workflow-controller-configmap")!;
        return JSON.parse((map.inputs.data as { config: string }).config) as Record<string, unknown>;
    }
}

function install(name: string, args: PipelinesArgs): void {
    const providers = {
        kubernetes: new k8s.Provider(name),
        tls: new tls.Provider(`${name}-tls`),
        random: new random.Provider(`${name}-random`),
    };
    new Pipelines("pipelines", args, { providers });
}

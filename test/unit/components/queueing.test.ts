import * as k8s from "@pulumi/kubernetes";
import * as tls from "@pulumi/tls";

import { GpuPool } from "../../../components/contracts";
import { InvalidConfiguration } from "../../../components/problems";
import { Queueing, TeamQueue } from "../../../components/queueing";
import * as generated from "../../../components/queueing/crds.json";
import { structuralProblems } from "../../support/crd-schema";
import { record, Registered } from "../../support/mocks";
import { policyFindings } from "../../support/policy-findings";

const images = { references: { kueue: `registry.k8s.io/kueue/kueue:v0.19.2@sha256:${"0".repeat(64)}` } };
const tune: GpuPool = {
    name: "tune",
    resource: "nvidia.com/gpu",
    gpusPerNode: 2,
    maxNodes: 2,
    nodeLabels: { "mlp.dev/gpu-pool": "tune" },
};
const limits = { cpu: "16", memory: "64Gi", pods: 100 };

let resources: Registered[];
beforeAll(async () => {
    resources = await record(() => {
        const providers = [new k8s.Provider("cluster", { kubeconfig: "kubeconfig" }), new tls.Provider("tls")];
        const queueing = new Queueing(
            "queueing",
            { images, gpuPools: [tune], sharedGpus: { tune: 1 }, replicas: 2, protectCrds: true },
            { providers },
        );
        const opts = { providers, dependsOn: queueing };
        const gpus = [{ nominal: 1, borrow: 2 }];
        new TeamQueue("vision", { team: "vision", gpuPools: [tune], gpus, ...limits }, opts);
        new TeamQueue("other", { team: "other", gpuPools: [], ...limits, namespace: "team-other" }, opts);
    });
});

interface CustomObject {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
    readonly spec: Record<string, unknown>;
}

const queueObjects = () =>
    resources
        .filter(({ type }) => type.startsWith("kubernetes:kueue.x-k8s.io/"))
        .map(({ inputs }) => inputs as unknown as CustomObject);
const objectOf = (kind: string, name: string) =>
    queueObjects().find((object) => object.kind === kind && object.metadata.name === name);
const named = (kind: string, name: string) => ofType(kind).find((one) => one.name === name);
const ofType = (suffix: string) => resources.filter(({ type }) => type.endsWith(`:${suffix}`));

describe("Queueing", () => {
    it("makes only objects that fit Kueue's own schemas", () => {
        const kinds = queueObjects().map(({ kind }) => kind);
        expect(new Set(kinds)).toEqual(
            new Set(["ResourceFlavor", "Cohort", "WorkloadPriorityClass", "ClusterQueue", "LocalQueue"]),
        );
        const problems = queueObjects().flatMap((object) => structuralProblems(generated.crds, object));
        expect(problems).toEqual([]);
    });

    it("serves one version of each kind, so that nothing needs to be converted", () => {
        const versions = generated.crds.flatMap(({ spec }) =>
            spec.versions.map(({ name, storage }) => [name, storage]),
        );
        expect(new Set(versions.map(String))).toEqual(new Set(["v1beta2,true"]));
    });

    it("gives what runs on GPUs the labels and the toleration of their nodes, and everything else neither", () => {
        expect(objectOf("ResourceFlavor", "tune")?.spec).toEqual({
            nodeLabels: { "mlp.dev/gpu-pool": "tune" },
            tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
        });
        expect(objectOf("ResourceFlavor", "cpu")?.spec).toEqual({});
    });

    it("lends GPUs that are nobody's to everybody", () => {
        expect(objectOf("Cohort", "mlp")?.spec.resourceGroups).toEqual([
            {
                coveredResources: ["nvidia.com/gpu"],
                flavors: [{ name: "tune", resources: [{ name: "nvidia.com/gpu", nominalQuota: "1" }] }],
            },
        ]);
    });

    it("sends jobs and pods of teams to Kueue, and those of nobody else", () => {
        interface Configured {
            readonly rules: readonly { readonly resources: readonly string[]; readonly apiGroups: readonly string[] }[];
            readonly namespaceSelector?: object;
            readonly clientConfig: { readonly service: { readonly path: string } };
        }
        const webhooks = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"].flatMap((kind) =>
            ofType(kind).flatMap(({ inputs }) => inputs.webhooks as readonly Configured[]),
        );
        const teams = { matchExpressions: [{ key: "mlp.dev/team", operator: "Exists" }] };
        for (const { rules, namespaceSelector } of webhooks) {
            const own = rules.every(({ apiGroups }) => apiGroups.includes("kueue.x-k8s.io"));
            expect(namespaceSelector).toEqual(own ? undefined : teams);
        }
        expect(webhooks.map(({ clientConfig }) => clientConfig.service.path)).toEqual(
            expect.arrayContaining([
                "/mutate--v1-pod",
                "/mutate-batch-v1-job",
                "/mutate-trainer-kubeflow-org-v1alpha1-trainjob",
                "/validate-jobset-x-k8s-io-v1alpha2-jobset",
                "/validate-kueue-x-k8s-io-v1beta2-cohort",
            ]),
        );
    });

    it("reads its webhooks' certificate, and the same one where Kueue wants that of its metrics", () => {
        const [deployment] = ofType("Deployment");
        const template = (deployment?.inputs.spec as { template: { spec: Record<string, unknown> } }).template.spec;
        const [container] = template.containers as [{ volumeMounts: readonly { mountPath: string }[] }];
        expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(
            expect.arrayContaining(["/tmp/k8s-webhook-server/serving-certs", "/etc/kueue/metrics/certs"]),
        );
    });

    it("may read no Secret, and passes the policies of prod", () => {
        const rules = ofType("ClusterRole").flatMap(({ inputs }) => inputs.rules as { resources: string[] }[]);
        expect(rules.flatMap(({ resources: named }) => named)).not.toContain("secrets");
        expect(policyFindings(resources)).toEqual([]);
    });

    it("refuses images without Kueue and counts of nothing, at once", () => {
        const make = () =>
            new Queueing("wrong", { images: { references: {} }, gpuPools: [], replicas: 0, podsReadyMinutes: 0 }, {});
        let problems: string[] = [];
        try {
            make();
        } catch (error) {
            if (error instanceof InvalidConfiguration) problems = error.problems.map(({ path }) => path);
        }
        expect(problems).toEqual(["wrong.images", "wrong.replicas", "wrong.podsReadyMinutes"]);
    });
});

describe("TeamQueue", () => {
    it("takes back what is its own from whoever borrows it, and gives way within the team alone", () => {
        expect(objectOf("ClusterQueue", "team-vision")?.spec).toMatchObject({
            cohortName: "mlp",
            namespaceSelector: { matchLabels: { "mlp.dev/team": "vision" } },
            preemption: { reclaimWithinCohort: "Any", withinClusterQueue: "LowerPriority" },
        });
    });

    it("makes the queue of the namespace where it is given one", () => {
        const queues = queueObjects().filter(({ kind }) => kind === "LocalQueue");
        expect(queues.map(({ metadata, spec }) => [metadata.namespace, metadata.name, spec.clusterQueue])).toEqual([
            ["team-other", "default", "team-other"],
        ]);
    });

    it("refuses by its numbers what could never run, in the namespaces of the team alone", () => {
        const policy = named("ValidatingAdmissionPolicy", "team-vision-impossible-jobs");
        const { validations, matchConstraints } = policy?.inputs.spec as {
            validations: readonly { expression: string; messageExpression: string }[];
            matchConstraints: { resourceRules: readonly { operations: string[]; resources: string[] }[] };
        };
        const [node, quota] = validations;
        expect(node?.expression).toContain("s.each <= 2");
        expect(quota?.expression).toContain("s.each * s.count <= 3");
        expect(quota?.messageExpression).toContain("team vision may use at most 3, its own and borrowed");
        // What was allowed before the quota shrank must be able to end.
        const operations = matchConstraints.resourceRules.flatMap((rule) => rule.operations);
        expect(new Set(operations)).toEqual(new Set(["CREATE"]));
        const binding = named("ValidatingAdmissionPolicyBinding", "team-vision-impossible-jobs");
        expect(binding?.inputs.spec).toMatchObject({
            matchResources: { namespaceSelector: { matchLabels: { "mlp.dev/team": "vision" } } },
        });
    });
});

import { unknownCheckingProxy } from "@pulumi/policy";

type Json = Record<string, unknown>;

/** A resource as a test writes it. */
export interface Fixture {
    readonly type: string;
    readonly name: string;
    readonly props: Json;
    readonly protect?: boolean;
    /** Names of the fixtures whose outputs a property is made from. */
    readonly refs?: Readonly<Record<string, string>>;
}

/** What the engine sends for a string that the update will bring. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
export const IMAGE = `registry.example.org/team/app:1.2.3@${DIGEST}`;

/** A container that keeps every rule. */
export function container(name = "app"): Json {
    return {
        name,
        image: IMAGE,
        env: [
            { name: "LOG_LEVEL", value: "info" },
            { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
        ],
        ports: [{ containerPort: 8080 }],
        resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "128Mi" } },
        securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        },
    };
}

/** A pod specification that keeps every rule. */
export function podSpec(): Json {
    return {
        serviceAccountName: "app",
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        initContainers: [container("init")],
        containers: [container()],
        volumes: [{ name: "tmp", emptyDir: {} }],
    };
}

const template = () => ({ metadata: { labels: { app: "a" } }, spec: podSpec() });
const replicatedJobs = () => [{ name: "node", template: { spec: { template: template() } } }];

/** The kinds that make pods, and where each keeps the specification; every one keeps every rule. */
export const PODS: readonly (readonly [type: string, path: string, props: () => Json])[] = [
    ["kubernetes:core/v1:Pod", "spec", () => ({ spec: podSpec() })],
    ["kubernetes:core/v1:PodTemplate", "template.spec", () => ({ template: template() })],
    ["kubernetes:core/v1:ReplicationController", "spec.template.spec", () => ({ spec: { template: template() } })],
    ["kubernetes:apps/v1:Deployment", "spec.template.spec", () => ({ spec: { template: template() } })],
    ["kubernetes:apps/v1:StatefulSet", "spec.template.spec", () => ({ spec: { template: template() } })],
    ["kubernetes:apps/v1:DaemonSet", "spec.template.spec", () => ({ spec: { template: template() } })],
    ["kubernetes:apps/v1:ReplicaSet", "spec.template.spec", () => ({ spec: { template: template() } })],
    ["kubernetes:batch/v1:Job", "spec.template.spec", () => ({ spec: { template: template() } })],
    [
        "kubernetes:batch/v1:CronJob",
        "spec.jobTemplate.spec.template.spec",
        () => ({ spec: { jobTemplate: { spec: { template: template() } } } }),
    ],
    [
        "kubernetes:jobset.x-k8s.io/v1alpha2:JobSet",
        "spec.replicatedJobs[0].template.spec.template.spec",
        () => ({ spec: { replicatedJobs: replicatedJobs() } }),
    ],
    [
        "kubernetes:trainer.kubeflow.org/v1alpha1:ClusterTrainingRuntime",
        "spec.template.spec.replicatedJobs[0].template.spec.template.spec",
        () => ({ spec: { template: { spec: { replicatedJobs: replicatedJobs() } } } }),
    ],
    [
        "kubernetes:trainer.kubeflow.org/v1alpha1:TrainingRuntime",
        "spec.template.spec.replicatedJobs[0].template.spec.template.spec",
        () => ({ spec: { template: { spec: { replicatedJobs: replicatedJobs() } } } }),
    ],
    [
        "kubernetes:apps/v1:DeploymentList",
        "items[0].spec.template.spec",
        () => ({ items: [{ spec: { template: template() } }] }),
    ],
];

export function fixture(type: string, props: Json): Fixture {
    return { type, name: "subject", props };
}

/** The fixture under another name, and leading to others by the properties of `refs`. */
export function linked(original: Fixture, name: string, refs: Readonly<Record<string, string>> = {}): Fixture {
    return { ...original, name, refs };
}

/** A Pod that keeps every rule. */
export function pod(): Fixture {
    return fixture("kubernetes:core/v1:Pod", { metadata: { name: "subject" }, spec: podSpec() });
}

/** A TrainJob that keeps every rule and patches the pods of its runtime. */
export function trainJob(): Fixture {
    const patch = { name: "node", template: { spec: { template: { spec: { containers: [{ name: "node" }] } } } } };
    return fixture("kubernetes:trainer.kubeflow.org/v1alpha1:TrainJob", {
        spec: {
            trainer: {
                image: IMAGE,
                env: [{ name: "EPOCHS", value: "3" }],
                resourcesPerNode: { limits: { "nvidia.com/gpu": 1 } },
            },
            runtimePatches: [{ trainingRuntimeSpec: { template: { spec: { replicatedJobs: [patch] } } } }],
        },
    });
}

/** Where a TrainJob keeps the pod that it patches. */
export const PATCHED_POD =
    "spec.runtimePatches[0].trainingRuntimeSpec.template.spec.replicatedJobs[0].template.spec.template.spec";

/** The fixture with one value changed, or removed when it is undefined; the path is written as messages write it. */
export function changed(original: Fixture, path: string, value: unknown): Fixture {
    // Not structuredClone: under jest its objects belong to another realm, and the SDK's proxy lets those pass.
    const props = JSON.parse(JSON.stringify(original.props)) as Json;
    const steps = [...path.matchAll(/\[(\d+)\]|\["([^"]+)"\]|([^.[\]]+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? "");
    const last = steps.pop() ?? "";
    const holder = steps.reduce<Json>((place, step) => (place[step] ??= {}) as Json, props);
    if (value === undefined) delete holder[last];
    else holder[last] = value;
    return { ...original, props };
}

/** The fixture with a waiver annotation. */
export function waived(original: Fixture, annotation: string): Fixture {
    return changed(original, 'metadata.annotations["mlp.dev/policy-waiver"]', annotation);
}

const proxied = unknownCheckingProxy as (props: Json) => Json;

/** The properties as a policy gets them: whoever reads an unknown value fails. */
export function asSeenInPreview({ props }: Fixture): Json {
    return proxied(props);
}

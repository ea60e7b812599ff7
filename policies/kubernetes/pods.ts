import { Property } from "../property";
import { Resource } from "../rule";
import { objectsOf } from "./objects";

/** A pod specification, wherever an object keeps it. */
export interface PodSpec {
    readonly spec: Property;
    /** Whether this is merged into a pod that is judged elsewhere: what it leaves out is no fault. */
    readonly partial: boolean;
}

/** A container, an init container, or the part of one that a TrainJob sets. */
export interface Container {
    readonly node: Property;
    readonly resources: Property;
    readonly pod?: Property;
    readonly partial: boolean;
}

const TRAINING_RUNTIME = "spec.template.spec.replicatedJobs[].template.spec.template.spec";

/** Where each kind keeps the pods it makes. */
const POD_SPECS: Readonly<Record<string, string>> = {
    "core/Pod": "spec",
    "core/PodTemplate": "template.spec",
    "core/ReplicationController": "spec.template.spec",
    "apps/DaemonSet": "spec.template.spec",
    "apps/Deployment": "spec.template.spec",
    "apps/ReplicaSet": "spec.template.spec",
    "apps/StatefulSet": "spec.template.spec",
    "batch/CronJob": "spec.jobTemplate.spec.template.spec",
    "batch/Job": "spec.template.spec",
    "jobset.x-k8s.io/JobSet": "spec.replicatedJobs[].template.spec.template.spec",
    "trainer.kubeflow.org/ClusterTrainingRuntime": TRAINING_RUNTIME,
    "trainer.kubeflow.org/TrainingRuntime": TRAINING_RUNTIME,
};

/** Where a kind keeps changes to pods that another object describes. */
const POD_PATCHES: Readonly<Record<string, string>> = {
    "trainer.kubeflow.org/TrainJob": `spec.runtimePatches[].trainingRuntimeSpec.${TRAINING_RUNTIME.slice("spec.".length)}`,
};

/** Where a kind sets image, environment or resources of a container that another object describes. */
const CONTAINER_PATCHES: Readonly<Record<string, readonly string[]>> = {
    "trainer.kubeflow.org/TrainJob": ["spec.trainer", "spec.initializer.dataset", "spec.initializer.model"],
};

const CONTAINER_LISTS = ["initContainers[]", "containers[]", "ephemeralContainers[]"];

/** Every pod specification of a resource. */
export function podSpecs(resource: Resource): readonly PodSpec[] {
    return objectsOf(resource).flatMap(({ groupKind, partial, root }) => [
        ...places(root, POD_SPECS[groupKind]).map((spec) => ({ spec, partial })),
        ...places(root, POD_PATCHES[groupKind]).map((spec) => ({ spec, partial: true })),
    ]);
}

/** Every container of a resource, those of custom resources included. */
export function containers(resource: Resource): readonly Container[] {
    const ofPods = podSpecs(resource).flatMap(({ spec, partial }) =>
        CONTAINER_LISTS.flatMap((list) =>
            spec.find(list).map((node) => ({ node, resources: node.field("resources"), pod: spec, partial })),
        ),
    );
    const patches = objectsOf(resource).flatMap(({ groupKind, root }) =>
        (CONTAINER_PATCHES[groupKind] ?? []).flatMap((path) =>
            root.find(path).map((node) => ({ node, resources: node.field("resourcesPerNode"), partial: true })),
        ),
    );
    return [...ofPods, ...patches];
}

/** The places that a path inside each container leads to: `containersAt("env[]")`. */
export function containersAt(path: string): (resource: Resource) => readonly Property[] {
    return (resource) => containers(resource).flatMap(({ node }) => node.find(path));
}

/** The container's own security setting, or else its pod's. */
export function effectiveSecurity({ node, pod }: Container, setting: string): Property {
    const own = node.field("securityContext").field(setting);
    return own.exists || pod === undefined ? own : pod.field("securityContext").field(setting);
}

function places(root: Property, path: string | undefined): readonly Property[] {
    return path === undefined ? [] : root.find(path);
}

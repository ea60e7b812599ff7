/** Frameworks that a training job may name; each has a ClusterTrainingRuntime. */
export const Framework = {
    /** PyTorch, started by torchrun on every node: gloo on CPU, NCCL on GPU. */
    Torch: "torch",
    /** Anything else: the nodes start the command and are told nothing but their index. */
    Plain: "plain",
} as const;
export type Framework = (typeof Framework)[keyof typeof Framework];

/** What the platform knows of a framework. */
export interface FrameworkFacts {
    /** Name of its ClusterTrainingRuntime. */
    readonly runtime: string;
    /** Kubeflow Trainer's ML policy. @see https://www.kubeflow.org/docs/components/trainer/operator-guides/ml-policy/ */
    readonly mlPolicy: object;
    /** Whether the launcher starts several processes on a node, as many as it is told. */
    readonly hasProcesses: boolean;
    /** What starts a script on one node. */
    readonly launcher: readonly string[];
    /** Environment that lets processes find files they may write. */
    readonly environment: Readonly<Record<string, string>>;
}

export const FRAMEWORKS: Readonly<Record<Framework, FrameworkFacts>> = {
    [Framework.Torch]: {
        runtime: "torch-distributed",
        mlPolicy: { numNodes: 1, torch: {} },
        hasProcesses: true,
        launcher: ["torchrun"],
        environment: { OMP_NUM_THREADS: "1", PYTHONUNBUFFERED: "1", HOME: "/tmp" },
    },
    [Framework.Plain]: {
        runtime: "plain",
        mlPolicy: { numNodes: 1 },
        hasProcesses: false,
        launcher: ["python3"],
        environment: { PYTHONUNBUFFERED: "1", HOME: "/tmp" },
    },
};

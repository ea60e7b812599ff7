import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { DEFAULT_LIFETIME, Lifetime } from "../certificates";
import { ImageSource } from "../contracts";
import { Crds } from "../kubernetes/crds";
import { installOperator } from "../kubernetes/operator";
import * as generated from "./crds.json";
import { jobsetController, JOBSET_NAMESPACE, JOBSET_SERVICE, jobsetMutating, jobsetValidating } from "./jobset";
import { resolveTraining, RuntimeImage } from "./resolve";
import { runtimeOf, withDataset } from "./runtimes";
import { TRAINER_NAMESPACE, TRAINER_SERVICE, trainerController, trainerMutating, trainerValidating } from "./trainer";

export { Framework, FRAMEWORKS } from "./framework";
export { TrainingJob } from "./job";
export { TrainingTemplate } from "./template";
export type { TrainingTemplateArgs } from "./template";
export type { Dataset, EnvironmentVariable, OutputVolume, TrainingData, TrainingJobArgs } from "./job";
export { DEFAULT_RUNTIMES, resolveTraining } from "./resolve";
export type { RuntimeImage } from "./resolve";

export interface TrainingArgs {
    /** Must hold `jobset`, `trainer` and the images of `runtimes`; `pipeline-steps` for jobs with a data set. */
    images: ImageSource;
    /** Frameworks to offer, each with the catalogue name of its image. Default: every framework, with CPU images. */
    runtimes?: RuntimeImage[];
    /** Pods of each controller. Default: 1; take 2 where nodes come and go. */
    replicas?: number;
    /** Life of the webhook certificates. Default: one year, renewed in its last quarter. */
    certificates?: Lifetime;
    /** Refuse to delete the CustomResourceDefinitions, and with them every job. Default: false. */
    protectCrds?: boolean;
}

/**
 * The training layer: JobSet and Kubeflow Trainer with their kinds, rights, webhooks and certificates, and one
 * ClusterTrainingRuntime for each framework.
 *
 * @see https://www.kubeflow.org/docs/components/trainer/
 */
export class Training extends pulumi.ComponentResource {
    /** ClusterTrainingRuntimes by framework. */
    readonly runtimes: pulumi.Output<{ [framework: string]: string }>;

    constructor(name: string, args: TrainingArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Training", name, {}, opts);
        const spec = resolveTraining(args, name);
        const shared = { replicas: spec.replicas, lifetime: args.certificates ?? DEFAULT_LIFETIME };

        const crds = new Crds(
            `${name}-crds`,
            { crds: generated.crds },
            { parent: this, protect: args.protectCrds ?? false },
        );
        const jobset = installOperator(
            {
                ...shared,
                name: JOBSET_SERVICE,
                namespace: JOBSET_NAMESPACE,
                image: spec.images.jobset,
                controller: jobsetController,
                mutating: jobsetMutating,
                validating: jobsetValidating,
            },
            { parent: this, dependsOn: crds },
        );
        // Trainer watches JobSets from its first second, but needs nobody to answer for them yet.
        const trainer = installOperator(
            {
                ...shared,
                name: TRAINER_SERVICE,
                namespace: TRAINER_NAMESPACE,
                image: spec.images.trainer,
                controller: trainerController,
                mutating: trainerMutating,
                validating: trainerValidating,
            },
            { parent: this, dependsOn: crds },
        );
        const ready = { parent: this, dependsOn: [...jobset, ...trainer] };
        const runtimes = spec.runtimes.map(({ framework, runtime, image }) => ({
            framework,
            resource: new k8s.apiextensions.CustomResource(runtime, runtimeOf(framework, image), ready),
        }));
        const { initializer } = spec.images;
        if (initializer !== undefined) {
            for (const { framework, runtime, image } of spec.runtimes) {
                const variant = runtimeOf(framework, image, initializer);
                new k8s.apiextensions.CustomResource(withDataset(runtime), variant, ready);
            }
        }

        this.runtimes = pulumi
            .all(runtimes.map(({ framework, resource }) => [framework, resource.metadata.name] as const))
            .apply((pairs) => Object.fromEntries(pairs));
        this.registerOutputs({ runtimes: this.runtimes });
    }
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { PipelineArgs } from "./pipeline-args";
import { resolvePipeline } from "./resolve-pipeline";
import { PIPELINE_LABEL, workflowSpecOf } from "./templates";

export const ARGO_API = "argoproj.io/v1alpha1";

/**
 * A pipeline: steps that run as containers, in the order that what they hand one another asks for. It is a WorkflowTemplate,
 * which anybody in the team submits from the UI, with Hera or with `argo submit --from`, and a CronWorkflow where it has
 * a schedule.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/workflow-templates/
 */
export class Pipeline extends pulumi.ComponentResource {
    /** Name of the WorkflowTemplate. */
    readonly templateName: pulumi.Output<string>;
    readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: PipelineArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Pipeline", name, {}, opts);
        const spec = resolvePipeline(args, name);
        const { namespace, serviceAccountName, description, schedule } = args;
        const metadata = {
            name,
            namespace,
            labels: { [PIPELINE_LABEL]: name },
            ...(description !== undefined && { annotations: { "workflows.argoproj.io/description": description } }),
        };

        const template = new k8s.apiextensions.CustomResource(
            name,
            {
                apiVersion: ARGO_API,
                kind: "WorkflowTemplate",
                metadata,
                spec: workflowSpecOf(name, args, spec, {
                    namespace,
                    ...(serviceAccountName !== undefined && { serviceAccountName }),
                }),
            },
            { parent: this },
        );
        this.templateName = template.metadata.name;
        this.namespace = pulumi.output(namespace);
        if (schedule !== undefined) {
            new k8s.apiextensions.CustomResource(
                name,
                {
                    apiVersion: ARGO_API,
                    kind: "CronWorkflow",
                    metadata,
                    spec: {
                        schedules: schedule.cron,
                        timezone: schedule.timezone ?? "Etc/UTC",
                        concurrencyPolicy: schedule.concurrencyPolicy ?? "Forbid",
                        suspend: schedule.suspend ?? false,
                        // A controller that was away does not run what was due long ago.
                        startingDeadlineSeconds: 300,
                        successfulJobsHistoryLimit: 3,
                        failedJobsHistoryLimit: 3,
                        workflowSpec: {
                            workflowTemplateRef: { name: this.templateName },
                            arguments: {
                                parameters: Object.entries(schedule.parameters ?? {}).map(([parameter, value]) => ({
                                    name: parameter,
                                    value,
                                })),
                            },
                        },
                    },
                },
                { parent: this },
            );
        }
        this.registerOutputs({ templateName: this.templateName, namespace: this.namespace });
    }
}

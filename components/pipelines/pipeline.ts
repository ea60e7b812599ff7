import * as pulumi from "@pulumi/pulumi";

import type { PipelineArgs } from "./pipeline-args";

/** A pipeline as a WorkflowTemplate, and a CronWorkflow where it has a schedule. */
export class Pipeline extends pulumi.ComponentResource {
    /** Name of the WorkflowTemplate. */
    readonly templateName: pulumi.Output<string>;
    readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: PipelineArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Pipeline", name, {}, opts);
        this.templateName = pulumi.output(name);
        this.namespace = pulumi.output(args.namespace);
        this.registerOutputs({ templateName: this.templateName, namespace: this.namespace });
    }
}

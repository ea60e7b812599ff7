import type { ParameterOutput, PipelineStep } from "./pipeline-args";

/** Input through which a step of forEach gets its item. */
export const ITEM = "item";

/** What a training step gives by itself, as `mlp-steps` writes it: the TrainJob's name, its image's digest, its result. */
const OF_TRAINING: readonly ParameterOutput[] = ["trainjob", "image", "result"].map((name) => ({
    name,
    path: `/tmp/outputs/${name}`,
}));

/** The parameters that a step gives: its own, and a training step's. */
export function outputParametersOf({ outputParameters = [], training }: PipelineStep): readonly ParameterOutput[] {
    return training === undefined ? outputParameters : [...OF_TRAINING, ...outputParameters];
}

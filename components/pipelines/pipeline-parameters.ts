import type { PipelineParameter } from "./pipeline-args";
import type { Wrong } from "./resolve-pipeline";

/** As Argo and environment variables take it. */
export const PARAMETER_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;
const NAME_SAYS = "up to 63 letters, digits, - and _, beginning with a letter or _";

/** What is wrong with the parameters of a pipeline. */
export function parameterProblems(parameters: readonly PipelineParameter[], wrong: Wrong): void {
    uniqueNames(parameters, "parameters", wrong);
    parameters.forEach(({ values, default: byDefault }, index) => {
        const path = `parameters[${index}]`;
        if (values?.length === 0) wrong(`${path}.values`, values, "at least one value", "Leave it out to allow any.");
        if (values && byDefault !== undefined && !values.includes(byDefault)) {
            wrong(`${path}.default`, byDefault, values.join(", "), "Take one of the values as the default.");
        }
    });
}

/** Reports names that are none, and those that stand there twice. */
export function uniqueNames(
    named: readonly { readonly name: string }[],
    path: string,
    wrong: Wrong,
    shape: RegExp = PARAMETER_NAME,
    says: string = NAME_SAYS,
): void {
    const seen = new Set<string>();
    named.forEach(({ name }, index) => {
        if (!shape.test(name)) wrong(`${path}[${index}].name`, name, says, "Rename it.");
        if (seen.has(name)) wrong(`${path}[${index}].name`, name, "each name once", "Rename one of the two.");
        seen.add(name);
    });
}

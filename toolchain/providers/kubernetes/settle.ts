import { InitializationFailed } from "../base/errors";
import { JsonObject } from "../base/json";
import { Properties } from "../base/properties";
import { awaitReady, Outcome } from "./await";
import { Context } from "./context";
import { describeReference, formatId, Reference } from "./objects";
import { outputsOf, rememberingInputs } from "./outputs";
import { redact } from "./redact";

export interface Written {
    readonly urn: string;
    readonly reference: Reference;
    readonly inputs: Properties;
    readonly live: JsonObject;
    readonly manager: string;
    readonly timeoutSeconds: number;
    readonly before?: JsonObject;
}

/**
 * Waits until what was written is ready and gives its outputs.
 *
 * @throws InitializationFailed when it does not get ready, or the wait is cut off: the object exists and stays in the
 * state either way.
 */
export async function settle(context: Context, written: Written): Promise<Properties> {
    const { reference, urn, inputs, live, timeoutSeconds } = written;
    const wait = { reference, urn, inputs: inputs.value, timeoutSeconds, live };
    const outcome = await awaitReady(context.cluster, context.host, wait).catch((error: unknown): Outcome => ({
        live,
        problems: [error instanceof Error ? error.message : String(error)],
    }));
    const outputs = outputsOf(outcome.live, inputs, written.manager, written.before);
    if (outcome.problems.length === 0) return outputs;
    throw notReady(reference, outcome.problems, outputs, inputs);
}

/** The partial failure: the object exists but is not ready, for these reasons. */
export function notReady(
    reference: Reference,
    problems: readonly string[],
    outputs: Properties,
    inputs: Properties,
): InitializationFailed {
    const reasons = problems.map((problem) => redact(problem, inputs));
    const message = `${describeReference(reference)} exists but is not ready:\n${reasons.join("\n")}`;
    return new InitializationFailed(message, formatId(reference), reasons, rememberingInputs(outputs, inputs), inputs);
}

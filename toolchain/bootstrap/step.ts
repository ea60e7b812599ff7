import type { Step } from "../progress";
import { asUserError, Interrupted } from "./errors";
import type { Context } from "./piece";

/** What a piece's work comes to: its value and the words for its progress line. */
export interface StepResult<T> {
    readonly value: T;
    readonly outcome: string;
}

/** One progress line for one piece of work, however it ends. */
export async function withStep<T>(
    { progress, signal }: Context,
    title: string,
    work: (step: Step) => Promise<StepResult<T>>,
): Promise<T> {
    if (signal.aborted) throw new Interrupted();
    const step = progress.start(title);
    try {
        const { value, outcome } = await work(step);
        step.done(outcome);
        return value;
    } catch (error) {
        if (signal.aborted || error instanceof Interrupted) step.dropped();
        else step.failed("failed");
        throw asUserError(title, error);
    }
}

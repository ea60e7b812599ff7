import type { PlainPipeline, Wrong } from "./resolve-pipeline";

const POLICIES = ["Allow", "Forbid", "Replace"];

/** What is wrong with when a pipeline runs by itself. */
export function scheduleProblems({ schedule, parameters = [] }: PlainPipeline, wrong: Wrong): void {
    if (schedule === undefined) return;
    if (schedule.cron.length === 0)
        wrong("schedule.cron", [], "at least one expression", "Name one, or leave schedule out.");
    schedule.cron.forEach((expression, index) => {
        if (!/^(@(hourly|daily|weekly|monthly|yearly)|(\S+\s+){4}\S+)$/.test(expression.trim())) {
            wrong(`schedule.cron[${index}]`, expression, "five fields, such as 0 3 * * 1", "Correct it.");
        }
    });
    const policy = schedule.concurrencyPolicy ?? "Forbid";
    if (!POLICIES.includes(policy)) {
        wrong("schedule.concurrencyPolicy", policy, POLICIES.join(", "), "Name one of them.");
    }
    const given = schedule.parameters ?? {};
    for (const name of Object.keys(given)) {
        const parameter = parameters.find((one) => one.name === name);
        const path = `schedule.parameters.${name}`;
        if (parameter === undefined) {
            wrong(path, name, listOf(parameters.map((one) => one.name)), "Name a parameter of the pipeline.");
        } else if (parameter.values?.includes(given[name] ?? "") === false) {
            wrong(path, given[name], parameter.values.join(", "), "Take one of its values.");
        }
    }
    for (const { name, default: byDefault } of parameters) {
        if (byDefault === undefined && given[name] === undefined) {
            wrong("schedule.parameters", Object.keys(given), `a value for ${name}`, "Give one, or give it a default.");
        }
    }
}

/** Names to choose from, as a problem tells them. */
export function listOf(names: readonly string[]): string {
    return [...names].sort().join(", ") || "none: there are no such";
}

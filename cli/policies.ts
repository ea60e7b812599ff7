import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { parse } from "yaml";

import { progressOn } from "../toolchain/progress";
import { repositoryRoot } from "../toolchain/paths";
import { pulumiEnvironment } from "./engine";
import { CommandFailed, UserError } from "./errors";
import { tools } from "./local";
import { PLATFORM, sourceOf } from "./stack-files";

export interface PoliciesOptions {
    /** What `pulumi stack export` wrote. */
    readonly state: string;
    /** Whose stack file says how strict to be, who administers, and what is waived. */
    readonly env: string;
}

/** Judges what is deployed by an exported state: no program, no provider, no account. Fails as an update would. */
export async function policies({ state, env }: PoliciesOptions): Promise<void> {
    const file = resolve(state);
    if (!existsSync(file)) throw new UserError(`${file} is not there: write it with \`pulumi stack export --file\`.`);
    const source = sourceOf(PLATFORM, env);
    const made = await tools(progressOn(), ["language-host", "pulumi"]);
    if (made.pulumiBin === undefined) throw new Error("the Pulumi CLI was not asked for");
    const { status } = spawnSync(
        join(made.pulumiBin, "pulumi"),
        ["policy", "analyze", "--file", file, "--policy-pack", "policies"],
        {
            cwd: repositoryRoot,
            // Without a stack the CLI hands no configuration on; the pack reads it where a program would.
            env: {
                ...process.env,
                ...pulumiEnvironment(made, undefined, source, process.env),
                PULUMI_CONFIG: JSON.stringify(configurationIn(readFileSync(source, "utf8"))),
            },
            stdio: "inherit",
        },
    );
    if (status !== 0) throw new CommandFailed("pulumi policy analyze", status ?? 1);
}

/** A stack file's configuration as Pulumi hands it to programs: by key, structures as JSON. */
export function configurationIn(stackFile: string): Record<string, string> {
    const { config } = (parse(stackFile) ?? {}) as { config?: Record<string, unknown> | null };
    const entries = Object.entries(config ?? {});
    return Object.fromEntries(
        entries.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
}

/**
 * `npm run check`: the steps of the pull-request workflow, which calls this very command.
 *
 * Without arguments: types, lint, unit and policy tests. `--preview ENV…`: what an update of these environments would
 * change, under the policies. `--drift ENV…`: whether they still are what was deployed. The last two need credentials
 * of the environment's account, or, where the official plugins cannot be had, show what the simulators make of it.
 */
import { spawnSync } from "node:child_process";

interface Step {
    readonly name: string;
    readonly command: readonly string[];
}

const CODE: readonly Step[] = [
    { name: "types", command: ["npm", "run", "--silent", "typecheck"] },
    { name: "lint and format", command: ["npm", "run", "--silent", "lint"] },
    { name: "unit and policy tests", command: ["npx", "jest", "test/unit", "test/policy"] },
];

const UP = ["npm", "run", "--silent", "up", "--", "--preview"];

/** What each argument runs for an environment. */
const OF_ENVIRONMENT: Readonly<Record<string, (environment: string) => Step>> = {
    "--preview": (environment) => ({ name: `preview of ${environment}`, command: [...UP, "--env", environment] }),
    "--drift": (environment) => ({
        name: `drift of ${environment}`,
        command: [...UP, "--drift", "--env", environment],
    }),
};

/** The steps that the arguments ask for; undefined when nobody can tell. */
export function stepsOf([mode, ...environments]: readonly string[]): readonly Step[] | undefined {
    if (mode === undefined) return CODE;
    const step = OF_ENVIRONMENT[mode];
    return step === undefined || environments.length === 0 ? undefined : environments.map(step);
}

/** Runs every step, so that one run tells all that is wrong. */
function main(args: readonly string[]): number {
    const steps = stepsOf(args);
    if (steps === undefined) {
        console.error(`npm run check -- [${Object.keys(OF_ENVIRONMENT).join(" | ")} ENVIRONMENT…]`);
        return 2;
    }
    const failed = steps.filter(({ name, command: [program = "", ...rest] }) => {
        console.log(`– ${name}`);
        return spawnSync(program, rest, { stdio: "inherit" }).status !== 0;
    });
    for (const step of steps) console.log(`${failed.includes(step) ? "✗" : "✓"} ${step.name}`);
    return failed.length === 0 ? 0 : 1;
}

if (require.main === module) process.exitCode = main(process.argv.slice(2));

import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

import { dataDir } from "../toolchain/paths";
import { PIPELINE_EXAMPLE, platformConfigIn, PLATFORM, TRAINING_EXAMPLE, workingCopyPath } from "./stack-files";

/** A stack whose state or secrets lie in the user's data folder. */
export interface StackName {
    readonly project: string;
    readonly stack: string;
}

/** Every stack that has a state, or a working copy with the salt of its secrets. */
export function stacksOfUser(): StackName[] {
    const found = [
        ...filesOfProjects(dataDir("state", ".pulumi", "stacks"), /^(.+)\.json(?:\.gz)?$/),
        ...filesOfProjects(dataDir("stacks"), /^Pulumi\.(.+)\.yaml$/),
    ];
    return [...new Map(found.map((one) => [`${one.project}/${one.stack}`, one])).values()];
}

/** Whether a stack describes objects of the embedded cluster, which go with it. In doubt it does not. */
export function isOnEmbeddedCluster({ project, stack }: StackName): boolean {
    if ([TRAINING_EXAMPLE, PIPELINE_EXAMPLE].some(({ name }) => name === project)) return stack === "local";
    if (project !== PLATFORM.name) return project.startsWith("mlp-test-");
    const files = [workingCopyPath(project, stack), join(PLATFORM.stacks, `Pulumi.${stack}.yaml`)];
    const file = files.find((path) => existsSync(path));
    return file !== undefined && kindIn(file) === "embedded";
}

/**
 * Removes the state of the stacks on the embedded cluster, and with the last stack the passphrase.
 *
 * @returns the stacks that stay, such as those of other clusters.
 */
export function removeEmbeddedStacks(): StackName[] {
    const all = stacksOfUser();
    const kept = all.filter((one) => !isOnEmbeddedCluster(one));
    if (kept.length === 0) {
        for (const name of ["state", "stacks", "passphrase"]) rmSync(dataDir(name), { recursive: true, force: true });
        return [];
    }
    for (const one of all) if (!kept.includes(one)) removeStack(one);
    return kept;
}

function removeStack({ project, stack }: StackName): void {
    const pulumi = dataDir("state", ".pulumi");
    const states = join(pulumi, "stacks", project);
    const belong = (name: string) => name.startsWith(`${stack}.json`);
    const paths = [
        ...namesIn(states)
            .filter(belong)
            .map((name) => join(states, name)),
        ...["history", "backups", "locks/organization"].map((folder) => join(pulumi, folder, project, stack)),
        workingCopyPath(project, stack),
    ];
    for (const path of paths) rmSync(path, { recursive: true, force: true });
}

function kindIn(file: string): unknown {
    try {
        return (platformConfigIn(file) as { cluster?: { kind?: unknown } } | undefined)?.cluster?.kind;
    } catch {
        return undefined; // A stack file that cannot be read keeps its state.
    }
}

function filesOfProjects(folder: string, pattern: RegExp): StackName[] {
    return namesIn(folder).flatMap((project) =>
        namesIn(join(folder, project)).flatMap((name) => {
            const stack = pattern.exec(name)?.[1];
            return stack === undefined ? [] : [{ project, stack }];
        }),
    );
}

function namesIn(folder: string): string[] {
    return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder) : [];
}

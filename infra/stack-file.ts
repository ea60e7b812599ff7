import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { InvalidConfiguration } from "../components/problems";
import { readLock } from "../images/image-lock";
import { Surroundings } from "./resolve";
import { clusterStackOf, ROOT } from "./spec";

const STACKS = join(__dirname, "..", "stacks");

/**
 * What {@link resolve} needs beside a stack file: the lock of images, and the stack file of the environment's cluster
 * where that is a stack of its own.
 */
export function surroundingsOf(input: unknown, folder = STACKS): Surroundings {
    const environment = (input as { environment?: unknown } | null | undefined)?.environment;
    if (typeof environment !== "string" || environment === "local") return {};
    const lock = readLock();
    const clusterStack = platformOf(clusterStackOf(environment), folder);
    return { lock, ...(clusterStack !== undefined && { clusterStack }) };
}

/** `mlp:platform` of another stack; undefined where there is no such stack file. */
function platformOf(stack: string, folder: string): unknown {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    if (!existsSync(file)) return undefined;
    try {
        const { config } = (parse(readFileSync(file, "utf8")) ?? {}) as { config?: Record<string, unknown> | null };
        return config?.[ROOT];
    } catch (error) {
        throw new InvalidConfiguration([
            {
                path: `${stack}: ${ROOT}`,
                found: file,
                allowed: `YAML (${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)})`,
                fix: "Correct the stack file.",
            },
        ]);
    }
}

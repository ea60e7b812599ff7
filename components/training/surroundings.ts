import { posix } from "node:path";

import { Problem } from "../problems";
import type { EnvironmentVariable, TrainingData } from "./job";
import { OUTPUT_VARIABLE } from "./manifest";

/** Where the platform itself mounts something. */
const TAKEN = ["/workspace", "/tmp", "/dev/shm"];

/** What is wrong with the volumes that a job reads. */
export function mountProblems(data: readonly TrainingData[], name: string): Problem[] {
    const seen = new Set<string>();
    return data.flatMap(({ mountPath }, index) => {
        const path = posix.join(mountPath, "/").slice(0, -1);
        const taken = TAKEN.some((folder) => path === folder || path.startsWith(`${folder}/`));
        const wrong = !path.startsWith("/") || taken || seen.has(path);
        seen.add(path);
        if (!wrong) return [];
        return [
            {
                path: `${name}.data[${index}].mountPath`,
                found: mountPath,
                allowed: `an absolute path that no other volume has, outside ${TAKEN.join(", ")}`,
                fix: "Mount it at a path of its own, such as /data.",
            },
        ];
    });
}

/** What is wrong with the environment that a job adds. */
export function environmentProblems(env: readonly EnvironmentVariable[], name: string): Problem[] {
    const seen = new Set<string>([OUTPUT_VARIABLE]);
    return env.flatMap((variable, index) => {
        const repeated = seen.has(variable.name);
        seen.add(variable.name);
        if (!repeated) return [];
        return [
            {
                path: `${name}.env[${index}].name`,
                found: variable.name,
                allowed: `each name once, and not ${OUTPUT_VARIABLE}: the platform sets it`,
                fix: "Take it out, or give it another name.",
            },
        ];
    });
}

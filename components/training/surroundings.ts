import { posix } from "node:path";

import { Problem } from "../problems";
import type { EnvironmentVariable, TrainingData, TrainingJobArgs } from "./job";
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

/** What is wrong with the data set of a job. */
export function datasetProblems(
    { dataset, tenant }: Pick<TrainingJobArgs, "dataset" | "tenant">,
    name: string,
): Problem[] {
    const { uri } = dataset ?? {};
    const problems: Problem[] = [];
    if (dataset !== undefined && tenant === undefined) {
        problems.push({
            path: `${name}.dataset`,
            found: typeof uri === "string" ? uri : "a data set",
            allowed: "a data set of a job with a tenant: its pods have no rights in the object store otherwise",
            fix: "Name the team as tenant, or mount a volume in data.",
        });
    }
    // What Pulumi or Argo fills in later is judged by the step itself.
    if (typeof uri === "string" && !uri.includes("{{") && !/^(s3:\/\/[^/]+\/.+|[^/:]+(\/[^/]+)*\/?)$/.test(uri)) {
        problems.push({
            path: `${name}.dataset.uri`,
            found: uri,
            allowed: "s3://<bucket>/<path>, or a path below the team's prefix without a slash at its beginning",
            fix: "Take the uri that `mlp-steps put` wrote.",
        });
    }
    return problems;
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

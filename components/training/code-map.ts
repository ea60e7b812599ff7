import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { packageCode } from "./code";
import { CODE_PATH, MountedVolume } from "./manifest";
import type { TrainingJobSpec } from "./resolve-job";

/** Which code a run ran: the SHA-256 over its paths and contents. */
export const DIGEST_ANNOTATION = "mlp.dev/code-digest";

/** The code directory of a job as an immutable ConfigMap, and how its pods mount it; undefined where there is none. */
export function codeOf(
    { codeDirectory, entrypoint }: TrainingJobSpec,
    name: string,
    namespace: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
): { digest: string; volume: MountedVolume } | undefined {
    if (codeDirectory === undefined) return undefined;
    const { digest, files, items } = packageCode(codeDirectory, entrypoint, name);
    const map = new k8s.core.v1.ConfigMap(
        `${name}-code`,
        { metadata: { namespace, annotations: { [DIGEST_ANNOTATION]: digest } }, binaryData: files, immutable: true },
        opts,
    );
    const source = { configMap: { name: map.metadata.name, items: [...items] } };
    return { digest, volume: { name: "code", mountPath: CODE_PATH, readOnly: true, source } };
}

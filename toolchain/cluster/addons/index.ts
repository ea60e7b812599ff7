import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Api, ApiError } from "../api";
import { node } from "../layout";
import { certificateFile, keyFile } from "../pki";
import { administrators, kwokAccess, networkPolicyAccess, nodeComponents } from "./access";
import { dns } from "./dns";
import { metrics, MetricsCertificate } from "./metrics";
import { AddonObject, pathOf } from "./objects";
import { storage } from "./storage";

const FIELD_MANAGER = "mlp-toolchain";
/** What was applied last; lies beside etcd's data, so that both are purged together. */
const RECORD = join(node.etcd, "mlp-addons.sha256");
const PATIENCE_MS = 30_000;
/** Bad request, unprocessable entity: waiting mends neither. */
const REFUSALS = [400, 422];

/** What a cluster is given, in the order in which it is applied. */
export interface Addons {
    /** What processes of the cluster need. */
    readonly processes: readonly AddonObject[];
    /** What runs as pods. */
    readonly pods: readonly AddonObject[];
}

/** What the node's own processes need. */
export function nodeAddons(): AddonObject[] {
    return [...administrators(), ...nodeComponents(), ...dns()];
}

export function podAddons(metricsCertificate: MetricsCertificate): AddonObject[] {
    return [...storage(), ...metrics(metricsCertificate)];
}

/** Of a cluster with a real node, whose certificates lie in its state. */
export function realNodeAddons(networkPolicies: boolean): Addons {
    const read = (file: string) => readFileSync(file, "utf8");
    return {
        processes: [...nodeAddons(), ...(networkPolicies ? networkPolicyAccess() : [])],
        pods: podAddons({
            authority: read(certificateFile(node.pki, "ca")),
            certificate: read(certificateFile(node.pki, "metrics-server")),
            key: read(keyFile(node.pki, "metrics-server")),
        }),
    };
}

/** Of a cluster with simulated nodes, on which no pod would do anything. */
export function simulatedNodesAddons(): Addons {
    return { processes: [...administrators(), ...kwokAccess()], pods: [] };
}

/**
 * Applies the add-ons when they differ from what was applied last. Pods wait for their images, for one that misses its
 * image is tried again only after a while; CoreDNS does not wait, however long an import takes.
 */
export async function applyAddons(
    api: Api,
    { processes, pods }: Addons,
    images: Promise<unknown>,
    step: (done: string) => void,
): Promise<void> {
    const digest = createHash("sha256")
        .update(JSON.stringify([processes, pods]))
        .digest("hex");
    if (digest === appliedLast()) return;
    for (const object of processes) await applyPatiently(api, object);
    await images;
    for (const object of pods) await applyPatiently(api, object);
    writeFileSync(RECORD, digest);
    step("add-ons applied");
}

function appliedLast(): string | undefined {
    try {
        return readFileSync(RECORD, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
    }
}

/** A new API server is ready a moment before its namespaces and default roles are there. */
async function applyPatiently(api: Api, object: AddonObject): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
        try {
            return await api.apply(pathOf(object), object, FIELD_MANAGER);
        } catch (error) {
            const refused = error instanceof ApiError && REFUSALS.includes(error.status);
            if (refused || Date.now() > deadline) throw error;
            await new Promise((resolve) => setTimeout(resolve, 200));
        }
    }
}

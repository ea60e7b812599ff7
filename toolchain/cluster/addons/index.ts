import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Api, ApiError } from "../api";
import { node } from "../layout";
import { certificateFile, keyFile } from "../pki";
import { access } from "./access";
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

/** What the node's own processes need, in the order in which it is applied. */
export function nodeAddons(): AddonObject[] {
    return [...access(), ...dns()];
}

/** What runs as pods. */
export function podAddons(metricsCertificate: MetricsCertificate): AddonObject[] {
    return [...storage(), ...metrics(metricsCertificate)];
}

/**
 * Applies the add-ons when they differ from what was applied last. Pods wait for their images, for one that misses its
 * image is tried again only after a while; CoreDNS does not wait, however long an import takes.
 */
export async function applyAddons(api: Api, images: Promise<unknown>, step: (done: string) => void): Promise<void> {
    const read = (file: string) => readFileSync(file, "utf8");
    const forNode = nodeAddons();
    const forPods = podAddons({
        authority: read(certificateFile(node.pki, "ca")),
        certificate: read(certificateFile(node.pki, "metrics-server")),
        key: read(keyFile(node.pki, "metrics-server")),
    });
    const digest = createHash("sha256")
        .update(JSON.stringify([forNode, forPods]))
        .digest("hex");
    if (digest === appliedLast()) return;
    for (const object of forNode) await applyPatiently(api, object);
    await images;
    for (const object of forPods) await applyPatiently(api, object);
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

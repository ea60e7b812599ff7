import { mkdirSync, readdirSync, readFileSync, statSync, watch } from "node:fs";
import { join } from "node:path";

import { numberOf } from "./ranges";

/** Where libcni remembers what it has given to each sandbox, until it takes it back. */
export const CNI_RESULTS = "/var/lib/cni/results";
/** In case a notice of the kernel was lost. */
const LOOK_AGAIN_MS = 5_000;

interface Attachment {
    readonly ifName?: string;
    readonly networkName?: string;
    readonly cniArgs?: readonly (readonly [string, string])[] | null;
    readonly result?: { readonly ips?: readonly { readonly address: string }[] };
}

/**
 * Which pod has which address, `namespace/name` by address. Known the moment the network made it, before the pod's first
 * container starts: the API server learns of it a second later. Of two pods that had an address one after the other only
 * the later is there, as its predecessor has given it back.
 */
export function podAddresses(folder = CNI_RESULTS): Map<number, string> {
    // Oldest first, so that the later of two holders stays in the map.
    const since = (file: string) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const files = readdirSync(folder).map((file) => [since(file), file] as const);
    const found = files
        .sort(([a], [b]) => a - b)
        .flatMap(([, file]): [number, string][] => {
            const { cniArgs, result, ifName } = read(join(folder, file));
            const args = new Map(cniArgs ?? []);
            const pod = args.get("K8S_POD_NAME");
            const address = numberOf(result?.ips?.[0]?.address.split("/")[0] ?? "");
            if (ifName === "lo" || pod === undefined || address === undefined) return [];
            return [[address, `${args.get("K8S_POD_NAMESPACE") ?? ""}/${pod}`]];
        });
    return new Map(found);
}

/** Half a file while it is written; the next notice finds the whole. */
function read(file: string): Attachment {
    try {
        return JSON.parse(readFileSync(file, "utf8")) as Attachment;
    } catch {
        return {};
    }
}

/** Calls whenever a pod joins or leaves the network. */
export function watchAddresses(changed: () => void, folder = CNI_RESULTS): void {
    mkdirSync(folder, { recursive: true });
    watch(folder, changed);
    setInterval(changed, LOOK_AGAIN_MS);
}

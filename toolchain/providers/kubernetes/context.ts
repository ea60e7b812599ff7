import { Host } from "../base/provider";
import { Cluster } from "./cluster";
import { Settings } from "./config";

/** What every operation works with. */
export interface Context {
    readonly cluster: Cluster;
    readonly host: Host;
    readonly settings: Settings;
}

/** Shows what the server warns of. */
export function showWarnings({ host, settings }: Context, urn: string, warnings: readonly string[]): void {
    for (const warning of warnings) {
        if (settings.suppressDeprecationWarnings && /deprecated/.test(warning)) continue;
        host.warn(urn, warning);
    }
}

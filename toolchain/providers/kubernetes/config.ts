import { isObject, JsonObject, UNKNOWN } from "../base/json";
import { CheckFailure } from "../base/provider";

/** The provider's arguments that this stand-in acts on. Others are accepted and have no effect. */
export interface Settings {
    /** Contents of a kubeconfig or the path of one; the default locations when absent. */
    readonly kubeconfig: string | undefined;
    readonly context: string | undefined;
    readonly cluster: string | undefined;
    readonly namespace: string | undefined;
    readonly deleteUnreachable: boolean;
    readonly skipUpdateUnreachable: boolean;
    readonly enableConfigMapMutable: boolean;
    readonly enableSecretMutable: boolean;
    readonly enablePatchForce: boolean;
    readonly upsertExistingObjects: boolean;
    readonly suppressDeprecationWarnings: boolean;
}

/** Reads the arguments. Anything that is not a string travels as the text of a JSON document. */
export function parseSettings(config: JsonObject): Settings {
    const text = (key: string): string | undefined => {
        const value = config[key];
        if (isObject(value)) return JSON.stringify(value);
        return typeof value === "string" && value !== "" && value !== UNKNOWN ? value : undefined;
    };
    const flag = (key: string): boolean => config[key] === true || config[key] === "true";
    return {
        kubeconfig: text("kubeconfig"),
        context: text("context"),
        cluster: text("cluster"),
        namespace: text("namespace"),
        deleteUnreachable: flag("deleteUnreachable"),
        skipUpdateUnreachable: flag("skipUpdateUnreachable"),
        enableConfigMapMutable: flag("enableConfigMapMutable"),
        enableSecretMutable: flag("enableSecretMutable"),
        enablePatchForce: flag("enablePatchForce"),
        upsertExistingObjects: flag("upsertExistingObjects"),
        suppressDeprecationWarnings: flag("suppressDeprecationWarnings"),
    };
}

/** What is wrong with the arguments, before anything is done with them. */
export function configFailures(config: JsonObject): CheckFailure[] {
    const strict = config.strictMode === true || config.strictMode === "true";
    const missing = strict ? ["kubeconfig", "context"].filter((key) => config[key] === undefined) : [];
    return [
        ...missing.map((property) => ({ property, reason: "is required in strictMode" })),
        ...(config.renderYamlToDirectory === undefined
            ? []
            : [
                  {
                      property: "renderYamlToDirectory",
                      reason: "is not served by the stand-in: install the official kubernetes plugin",
                  },
              ]),
    ];
}

/** Keys whose change means another cluster, unless `clusterIdentifier` says that it is the same one. */
const CLUSTER_KEYS = ["kubeconfig", "context", "cluster"];

/** The keys that changed and those among them for which every object must be made anew. */
export function configChanges(olds: JsonObject, news: JsonObject): { changed: string[]; replaces: string[] } {
    const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
    const changed = keys.filter((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]));
    if (olds.clusterIdentifier !== undefined || news.clusterIdentifier !== undefined) {
        return { changed, replaces: changed.filter((key) => key === "clusterIdentifier") };
    }
    const sameServer = serverOf(olds) !== undefined && serverOf(olds) === serverOf(news);
    return { changed, replaces: sameServer ? [] : changed.filter((key) => CLUSTER_KEYS.includes(key)) };
}

/** Address of the API server that the arguments name, where the kubeconfig is JSON or simple YAML contents. */
function serverOf(config: JsonObject): string | undefined {
    const kubeconfig = config.kubeconfig;
    if (typeof kubeconfig !== "string" || kubeconfig === UNKNOWN) return undefined;
    if (config.context !== undefined || config.cluster !== undefined) {
        // With several clusters in one file the first address says nothing about the chosen one.
        return undefined;
    }
    const servers = [...kubeconfig.matchAll(/["']?server["']?\s*:\s*["']?([^\s"',}]+)/g)].map(([, server]) => server);
    return new Set(servers).size === 1 ? servers[0] : undefined;
}

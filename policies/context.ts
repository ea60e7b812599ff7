import { Environment } from "./environment";
import { Context } from "./rule";

export interface ContextOptions {
    readonly environment: Environment;
    /** Today, UTC, as YYYY-MM-DD. */
    readonly today: string;
    readonly admins?: readonly string[];
    /** A rule's part of the file that `--policy-pack-config` names. */
    readonly settings?: Readonly<Record<string, unknown>>;
}

/** What rules may ask for in an environment, with its defaults where nothing is configured. */
export function contextOf({ environment, today, admins = [], settings = {} }: ContextOptions): Context {
    return {
        environment,
        today,
        admins,
        value: (setting) => setting.read(settings[setting.name]) ?? setting.defaults[environment],
    };
}

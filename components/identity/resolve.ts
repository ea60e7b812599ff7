import { ImageSource, unknownImage } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";

/** Somebody who can sign in to the local identity provider. */
export interface LocalAccount {
    /** What is typed at sign-in; with the prefix it is the user's name in Kubernetes. */
    name: string;
    /** Groups without the prefix, such as `team-vision`. Default: none. */
    groups?: string[];
}

/** The part of the arguments that is known before anything is made. */
export interface PlainProvider {
    readonly images: ImageSource;
    readonly accounts: readonly LocalAccount[];
    readonly tokenMinutes?: number;
    readonly sessionHours?: number;
}

export interface ProviderSpec {
    readonly image: string;
    readonly accounts: readonly { readonly name: string; readonly groups: readonly string[] }[];
    readonly tokenSeconds: number;
    readonly sessionSeconds: number;
}

const NAME = /^[a-z0-9]([a-z0-9.-]{0,38}[a-z0-9])?$/;

/**
 * Fills the defaults in. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong at once.
 */
export function resolveProvider(args: PlainProvider, path: string): ProviderSpec {
    const problems: Problem[] = [];
    const image = args.images.references["identity-provider"];
    if (image === undefined) problems.push(unknownImage(args.images, "identity-provider", `${path}.images`));
    const whole = (field: "tokenMinutes" | "sessionHours", byDefault: number, most: number): number => {
        const value = args[field] ?? byDefault;
        if (!Number.isInteger(value) || value < 1 || value > most) {
            const fix = `Leave it out for ${byDefault}.`;
            problems.push({ path: `${path}.${field}`, found: value, allowed: `a whole number from 1 to ${most}`, fix });
        }
        return value;
    };
    args.accounts.forEach(({ name }, index) => {
        const at = `${path}.accounts[${index}].name`;
        if (!NAME.test(name)) {
            const fix = "Take a name such as ana.";
            problems.push({
                path: at,
                found: name,
                allowed: "small letters, digits, dots and dashes, at most 40",
                fix,
            });
        }
        if (args.accounts.findIndex((other) => other.name === name) !== index) {
            const fix = "Rename one of the two accounts, or give one of them both groups.";
            problems.push({ path: at, found: name, allowed: "a name that no other account has", fix });
        }
    });
    const spec: ProviderSpec = {
        image: image ?? "",
        accounts: args.accounts.map(({ name, groups = [] }) => ({ name, groups })),
        tokenSeconds: whole("tokenMinutes", 10, 60) * 60,
        sessionSeconds: whole("sessionHours", 10, 24 * 7) * 60 * 60,
    };
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze(spec);
}

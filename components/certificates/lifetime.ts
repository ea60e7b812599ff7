import { InvalidConfiguration, Problem } from "../problems";

/** How long a certificate lives. */
export interface Lifetime {
    /** Hours from its making to its end. */
    validityHours: number;
    /** Hours before the end from which on it is renewed. Equal to `validityHours`: renewed on every run. */
    renewBeforeHours: number;
}

/** One year, renewed in its last quarter: a stack that is deployed four times a year never serves a stale one. */
export const DEFAULT_LIFETIME: Lifetime = { validityHours: 365 * 24, renewBeforeHours: 91 * 24 };

/** @throws InvalidConfiguration naming what is wrong below `path`. */
export function resolveLifetime(lifetime: Lifetime, path: string): Readonly<Lifetime> {
    const { validityHours, renewBeforeHours } = lifetime;
    const problems: Problem[] = [];
    if (!Number.isInteger(validityHours) || validityHours < 1) {
        problems.push({
            path: `${path}.validityHours`,
            found: validityHours,
            allowed: "a whole number of hours from 1 on",
            fix: `Leave it out for ${DEFAULT_LIFETIME.validityHours}.`,
        });
    }
    if (!Number.isInteger(renewBeforeHours) || renewBeforeHours < 1 || renewBeforeHours > validityHours) {
        problems.push({
            path: `${path}.renewBeforeHours`,
            found: renewBeforeHours,
            allowed: `a whole number of hours from 1 to validityHours (${validityHours})`,
            fix: `Leave it out for ${DEFAULT_LIFETIME.renewBeforeHours}.`,
        });
    }
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze({ ...lifetime });
}

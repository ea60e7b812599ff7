import type { Problem } from "../../problems";

/** Collects what is wrong under one path of the configuration. */
export class Checks {
    constructor(
        private readonly path: string,
        readonly problems: Problem[] = [],
    ) {}

    /** The same collection, deeper down. */
    at(part: string): Checks {
        return new Checks(part.startsWith("[") ? `${this.path}${part}` : `${this.path}.${part}`, this.problems);
    }

    /** Reports the value that stands at this path itself. */
    wrongHere(found: unknown, allowed: string, fix: string): void {
        this.problems.push({ path: this.path, found, allowed, fix });
    }

    wrong(part: string, found: unknown, allowed: string, fix: string): void {
        this.at(part).wrongHere(found, allowed, fix);
    }

    whole(part: string, value: number, least: number, most: number, fix = "Correct the number."): number {
        if (!Number.isInteger(value) || value < least || value > most) {
            this.wrong(part, value, `a whole number from ${least} to ${most}`, fix);
        }
        return value;
    }

    oneOf<T extends string | number>(part: string, value: T, allowed: readonly T[], fix = "Name one of them."): T {
        if (!allowed.includes(value)) this.wrong(part, value, allowed.join(", "), fix);
        return value;
    }

    matches(part: string, value: string, shape: RegExp, allowed: string, fix = "Correct it."): string {
        if (!shape.test(value)) this.wrong(part, value, allowed, fix);
        return value;
    }

    /** Reports every value that stands there a second time. */
    unique(values: readonly string[], part: (index: number) => string): void {
        values.forEach((value, index) => {
            if (values.indexOf(value) < index) {
                this.wrong(part(index), value, "each at most once", "Take the repetition out, or rename it.");
            }
        });
    }
}

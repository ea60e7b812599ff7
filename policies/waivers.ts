import { WAIVERS_KEY } from "./configuration";
import { Property } from "./property";
import { Resource } from "./rule";
import { isUnknownValue } from "./unknown";

/** The annotation in which a resource asks to be let off: `<rule>=<reason>;expires=YYYY-MM-DD`, joined by `;`. */
export const WAIVER_ANNOTATION = "mlp.dev/policy-waiver";

/** A rule that does not hold for one resource, for a reason and until a day. */
export interface Waiver {
    readonly rule: string;
    readonly reason: string;
    /** The last day on which it counts, UTC, as YYYY-MM-DD. */
    readonly expires: string;
}

/** Part of an annotation that waives nothing. */
export interface RefusedWaiver {
    readonly text: string;
    readonly allowed: string;
}

export interface Waivers {
    readonly inForce: readonly Waiver[];
    readonly refused: readonly RefusedWaiver[];
}

const NONE: Waivers = { inForce: [], refused: [] };

/** What decides whether a waiver counts. */
export interface WaiverTerms {
    /** The ids that can be waived. */
    readonly rules: ReadonlySet<string>;
    /** Today, UTC, as YYYY-MM-DD. */
    readonly today: string;
    /** Waivers of the stack's configuration, by {@link waiverKey}. */
    readonly configured?: ReadonlyMap<string, string>;
}

/** What the stack's configuration calls a resource: the end of its URN. */
export function waiverKey({ type, name }: Pick<Resource, "type" | "name">): string {
    return `${type}::${name}`;
}

/** Where a resource's waivers stand: its annotation, or the stack's configuration where its kind has none. */
export function waiverPlace(resource: Resource): Property {
    if (resource.type.startsWith("kubernetes:")) {
        return resource.props.field("metadata").field("annotations").field(WAIVER_ANNOTATION);
    }
    return new Property(`${WAIVERS_KEY}[${JSON.stringify(waiverKey(resource))}]`, () => undefined);
}

/** The waivers of a resource; one that is not known yet waives nothing. */
export function waiversOf(resource: Resource, terms: WaiverTerms): Waivers {
    try {
        const texts = [waiverPlace(resource).text, terms.configured?.get(waiverKey(resource))];
        const text = texts.filter((one) => one !== undefined).join("\n");
        return text === "" ? NONE : parseWaivers(text, terms);
    } catch (error) {
        if (isUnknownValue(error)) return NONE;
        throw error;
    }
}

/** Reads an annotation, keeping apart what counts and what does not. */
export function parseWaivers(text: string, terms: WaiverTerms): Waivers {
    const inForce: Waiver[] = [];
    const refused: RefusedWaiver[] = [];
    for (const clause of clauses(text)) {
        const [, rule, reason, expires] = /^([^=;\s]+)\s*=\s*([^;]*?)\s*;\s*expires\s*=\s*(\S*)$/.exec(clause) ?? [];
        const waiver = rule === undefined ? undefined : { rule, reason: reason ?? "", expires: expires ?? "" };
        const allowed = waiver === undefined ? "<rule>=<reason>;expires=YYYY-MM-DD" : objection(waiver, terms);
        if (waiver === undefined || allowed !== undefined) refused.push({ text: clause, allowed: allowed ?? "" });
        else inForce.push(waiver);
    }
    return { inForce, refused };
}

// Each waiver ends with its expiry, so a reason may hold anything but a semicolon.
function clauses(text: string): readonly string[] {
    const found: string[] = [];
    let open: string[] = [];
    for (const part of text.split(/[;\n]/).map((piece) => piece.trim())) {
        if (part === "") continue;
        open.push(part);
        if (!/^expires\s*=/.test(part)) continue;
        found.push(open.join(";"));
        open = [];
    }
    return open.length === 0 ? found : [...found, open.join(";")];
}

function objection({ rule, reason, expires }: Waiver, { rules, today }: WaiverTerms): string | undefined {
    if (!rules.has(rule)) return "the id of a rule in docs/policies.md";
    if (reason === "") return "a reason after the rule's id";
    if (!isDay(expires)) return "a day such as 2030-01-31 after expires=";
    return expires < today ? `a day from ${today} on` : undefined;
}

function isDay(text: string): boolean {
    const time = Date.parse(`${text}T00:00:00Z`);
    return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

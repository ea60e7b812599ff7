import { Severity } from "@pulumi/policy";

import { Property, Scalar } from "./property";
import { Reference } from "./references";
import { isUnknownValue } from "./unknown";

/**
 * How strictly a rule is meant: `mandatory` stops an update outside local, `mandatory-in-prod` only in prod and is
 * printed in dev and staging, `advisory` is printed everywhere.
 */
export type Level = "mandatory" | "mandatory-in-prod" | "advisory";

/** One place that breaks a rule. */
export interface Finding {
    readonly at: Property;
    /** What stands there; absent means unset. Never a secret: messages end up in logs. */
    readonly found?: Scalar | undefined;
    readonly allowed: string;
}

/** A resource as the engine shows it to a policy. */
export interface Resource {
    /** Pulumi's type token, such as `kubernetes:apps/v1:Deployment`. */
    readonly type: string;
    readonly name: string;
    readonly props: Property;
}

interface RuleFacts {
    /** Stable: waivers and links name it. */
    readonly id: string;
    /** What must hold, as one sentence without a full stop. */
    readonly title: string;
    readonly level: Level;
    readonly severity: Severity;
    /** What goes wrong otherwise. */
    readonly why: string;
    /** What to write instead. */
    readonly fix: string;
    readonly references: readonly [Reference, ...Reference[]];
}

/** A rule of the pack. */
export interface Rule extends RuleFacts {
    /** One judgement per place, each of which may meet an unknown value without hindering the others. */
    judgements(resource: Resource): readonly (() => Finding | undefined)[];
}

/** What a rule's author writes: where to look, and what is wrong with one such place. */
export interface RuleDefinition<Place> extends RuleFacts {
    readonly places: (resource: Resource) => readonly Place[];
    readonly judge: (place: Place) => Finding | undefined;
}

export function rule<Place>({ places, judge, ...facts }: RuleDefinition<Place>): Rule {
    return { ...facts, judgements: (resource) => places(resource).map((place) => () => judge(place)) };
}

export interface Verdict {
    readonly findings: readonly Finding[];
    /** The first place that cannot be judged before the update itself. */
    readonly unknown?: Error;
}

/** Judges every place of the resource, those beside an unknown value included. */
export function evaluate(rule: Rule, resource: Resource): Verdict {
    const findings: Finding[] = [];
    // A setting of the pod is judged once per container that inherits it.
    const isKnown = (finding: Finding) => findings.some(({ at }) => at.path === finding.at.path);
    let unknown: Error | undefined;
    for (const judgement of rule.judgements(resource)) {
        try {
            const finding = judgement();
            if (finding !== undefined && !isKnown(finding)) findings.push(finding);
        } catch (error) {
            if (!isUnknownValue(error)) throw error;
            unknown ??= error;
        }
    }
    return unknown === undefined ? { findings } : { findings, unknown };
}

/** Where a reader finds the rule explained. */
export function docsLink(id: string): string {
    return `docs/policies.md#${id}`;
}

/** One line for the user: the place, what stands there, what may, what to do, where to read on. */
export function describe({ id, fix }: Pick<Rule, "id" | "fix">, { at, found, allowed }: Finding): string {
    const value = found === undefined ? "unset" : JSON.stringify(found);
    return `${at.path}: ${value} is not allowed (${allowed}). ${fix} See ${docsLink(id)}`;
}

import { Severity } from "@pulumi/policy";

import { Environment } from "./environment";
import { Property, Scalar } from "./property";
import { Reference } from "./references";
import { Setting } from "./settings";
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
    /** Whether Pulumi refuses to delete it. */
    readonly protect: boolean;
}

/** A resource among all others of its stack. */
export interface StackResource extends Resource {
    readonly urn: string;
    /** The resources whose outputs a property was made from, as the program said; known even where values are not. */
    through(property: string): readonly StackResource[];
}

/** What a rule may ask for beside the resource. */
export interface Context {
    readonly environment: Environment;
    /** Today, UTC, as YYYY-MM-DD. */
    readonly today: string;
    /** ARNs that the stack's configuration lists as the cluster's administrators. */
    readonly admins: readonly string[];
    /** A limit of the rule: the pack's configuration, else the default of the environment. */
    readonly value: <T>(setting: Setting<T>) => T;
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
    /** Limits that `--policy-pack-config` can change. */
    readonly settings?: readonly Setting<unknown>[];
}

/** A rule about each resource by itself. */
export interface ResourceRule extends RuleFacts {
    readonly scope: "resource";
    /** One judgement per place, each of which may meet an unknown value without hindering the others. */
    judgements(resource: Resource, context: Context): readonly Judgement[];
}

/** A rule about a resource and its neighbours: it is judged once all of them are known. */
export interface StackRule extends RuleFacts {
    readonly scope: "stack";
    /** The resources that the rule is about: a waiver on one lets it off. */
    subjects(stack: readonly StackResource[]): readonly StackResource[];
    judgement(subject: StackResource, stack: readonly StackResource[], context: Context): Judgement;
}

/** A rule of the pack. */
export type Rule = ResourceRule | StackRule;

type Judgement = () => Finding | undefined;

/** What a rule's author writes: where to look, and what is wrong with one such place. */
export interface RuleDefinition<Place> extends RuleFacts {
    readonly places: (resource: Resource) => readonly Place[];
    readonly judge: (place: Place, context: Context) => Finding | undefined;
}

export function rule<Place>({ places, judge, ...facts }: RuleDefinition<Place>): ResourceRule {
    return {
        ...facts,
        scope: "resource",
        judgements: (resource, context) => {
            try {
                return places(resource).map((place) => () => judge(place, context));
            } catch (error) {
                if (!isUnknownValue(error)) throw error;
                // Where to look is not known either: that is undecided too.
                return [() => reject(error)];
            }
        },
    };
}

function reject(error: Error): never {
    throw error;
}

/** What the author of a stack rule writes: the type that it is about, and what is wrong with one such resource. */
export interface StackRuleDefinition extends RuleFacts {
    readonly about: (resource: Resource) => readonly Resource[];
    readonly judge: (subject: StackResource, stack: readonly StackResource[], context: Context) => Finding | undefined;
}

export function stackRule({ about, judge, ...facts }: StackRuleDefinition): StackRule {
    return {
        ...facts,
        scope: "stack",
        subjects: (stack) => stack.filter((resource) => about(resource).length > 0),
        judgement: (subject, stack, context) => () => judge(subject, stack, context),
    };
}

export interface Verdict {
    readonly findings: readonly Finding[];
    /** The first place that cannot be judged before the update itself. */
    readonly unknown?: Error;
}

/** Judges every place of the resource, those beside an unknown value included. */
export function evaluate(rule: ResourceRule, resource: Resource, context: Context): Verdict {
    return verdictOf(rule.judgements(resource, context));
}

/** Judges one resource among its neighbours. */
export function evaluateIn(
    stack: readonly StackResource[],
    rule: StackRule,
    subject: StackResource,
    context: Context,
): Verdict {
    return verdictOf([rule.judgement(subject, stack, context)]);
}

function verdictOf(judgements: readonly Judgement[]): Verdict {
    const findings: Finding[] = [];
    // A setting of the pod is judged once per container that inherits it.
    const isKnown = (finding: Finding) => findings.some(({ at }) => at.path === finding.at.path);
    let unknown: Error | undefined;
    for (const judgement of judgements) {
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

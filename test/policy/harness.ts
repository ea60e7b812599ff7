import { Policies, PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";

import { Configuration, UNCONFIGURED } from "../../policies/configuration";
import { Environment } from "../../policies/environment";
import { packFor } from "../../policies/pack";
import { isUnknownValue } from "../../policies/unknown";
import { ADMIN } from "./admins";
import { asSeenInPreview, Fixture } from "./resources";

export const TODAY = "2026-11-24";

/** What the policies say of a resource. */
export interface Report {
    /** Messages per policy, without those of policies that had nothing to say. */
    readonly violations: Readonly<Record<string, readonly string[]>>;
    /** Policies that met a value which is not known yet. */
    readonly undecided: readonly string[];
}

const NO_OPTIONS = {
    protect: false,
    ignoreChanges: [],
    aliases: [],
    customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
    additionalSecretOutputs: [],
};

const CONFIGURATION: Configuration = { ...UNCONFIGURED, admins: [ADMIN] };

export function policies(environment: Environment = "prod", configuration = CONFIGURATION, today = TODAY): Policies {
    return packFor(environment, undefined, () => today, configuration).policies;
}

export interface Judging {
    /** Configuration of the pack, by policy. */
    readonly config?: Readonly<Record<string, object>>;
    /** What the stack's configuration says. */
    readonly configuration?: Configuration;
    readonly today?: string;
}

const UNSET: Readonly<Record<string, object>> = {};

/** Runs every resource policy on the fixture as the SDK does, unknown values and all. */
export async function judged(
    subject: Fixture,
    environment: Environment = "prod",
    { config = UNSET, configuration = CONFIGURATION, today = TODAY }: Judging = {},
): Promise<Report> {
    const violations: Record<string, string[]> = {};
    const undecided: string[] = [];
    for (const policy of policies(environment, configuration, today)) {
        if (!("validateResource" in policy) || typeof policy.validateResource !== "function") continue;
        const messages: string[] = [];
        try {
            await policy.validateResource(argsOf(subject, config[policy.name]), (message) => messages.push(message));
        } catch (error) {
            if (!isUnknownValue(error)) throw error;
            undecided.push(policy.name);
        }
        if (messages.length > 0) violations[policy.name] = messages;
    }
    return { violations, undecided };
}

/** Runs every stack policy on the fixtures as the SDK does; violations name the resource that they are about. */
export async function judgedTogether(
    subjects: readonly Fixture[],
    environment: Environment = "prod",
    configuration = CONFIGURATION,
): Promise<Report> {
    const violations: Record<string, string[]> = {};
    const undecided: string[] = [];
    const args: StackValidationArgs = {
        resources: stackResources(subjects),
        stackTags: new Map(),
        getConfig: <T>() => ({}) as T,
        notApplicable,
    };
    for (const policy of policies(environment, configuration)) {
        if (!("validateStack" in policy)) continue;
        const messages: string[] = [];
        try {
            await policy.validateStack(args, (message, urn) =>
                messages.push(urn === undefined ? message : `${urn.split("::").at(-1) ?? ""} ${message}`),
            );
        } catch (error) {
            if (!isUnknownValue(error)) throw error;
            undecided.push(policy.name);
        }
        if (messages.length > 0) violations[policy.name] = messages;
    }
    return { violations, undecided };
}

function stackResources(subjects: readonly Fixture[]): PolicyResource[] {
    const resources = subjects.map((subject) => ({ ...argsOf(subject), dependencies: [], propertyDependencies: {} }));
    const byName = new Map(resources.map((one) => [one.name, one]));
    subjects.forEach(({ refs = {} }, i) => {
        for (const [property, name] of Object.entries(refs)) {
            (resources[i]!.propertyDependencies as Record<string, PolicyResource[]>)[property] = [byName.get(name)!];
        }
    });
    return resources;
}

function argsOf(subject: Fixture, config: object = {}): ResourceValidationArgs {
    return {
        type: subject.type,
        props: asSeenInPreview(subject),
        urn: `urn:pulumi:test::mlp::${subject.type}::${subject.name}`,
        name: subject.name,
        opts: { ...NO_OPTIONS, protect: subject.protect ?? false },
        stackTags: new Map(),
        isType: () => false,
        asType: () => undefined,
        getConfig: <T>() => config as T,
        notApplicable,
    };
}

function notApplicable(reason?: string): never {
    throw new Error(`not applicable: ${reason ?? "no reason"}`);
}

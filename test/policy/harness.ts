import { Policies, PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";

import { Environment } from "../../policies/environment";
import { packFor } from "../../policies/pack";
import { isUnknownValue } from "../../policies/unknown";
import { asSeenInPreview, Fixture } from "./resources";

export const TODAY = "2030-06-15";

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

export function policies(environment: Environment = "prod"): Policies {
    return packFor(environment, undefined, () => TODAY).policies;
}

/** Runs every resource policy on the fixture as the SDK does, unknown values and all. */
export async function judged(subject: Fixture, environment: Environment = "prod"): Promise<Report> {
    const violations: Record<string, string[]> = {};
    const undecided: string[] = [];
    for (const policy of policies(environment)) {
        if (!("validateResource" in policy) || typeof policy.validateResource !== "function") continue;
        const messages: string[] = [];
        try {
            await policy.validateResource(argsOf(subject), (message) => messages.push(message));
        } catch (error) {
            if (!isUnknownValue(error)) throw error;
            undecided.push(policy.name);
        }
        if (messages.length > 0) violations[policy.name] = messages;
    }
    return { violations, undecided };
}

/** Runs every stack policy on the fixtures. */
export async function judgedTogether(subjects: readonly Fixture[]): Promise<readonly string[]> {
    const messages: string[] = [];
    const resources = subjects.map((subject): PolicyResource => {
        return { ...argsOf(subject), dependencies: [], propertyDependencies: {}, asType: () => undefined } as never;
    });
    const args: StackValidationArgs = { resources, stackTags: new Map(), getConfig: <T>() => ({}) as T, notApplicable };
    for (const policy of policies()) {
        if ("validateStack" in policy) await policy.validateStack(args, (message) => messages.push(message));
    }
    return messages;
}

function argsOf(subject: Fixture): ResourceValidationArgs {
    return {
        type: subject.type,
        props: asSeenInPreview(subject),
        urn: `urn:pulumi:test::mlp::${subject.type}::${subject.name}`,
        name: subject.name,
        opts: NO_OPTIONS,
        stackTags: new Map(),
        isType: () => false,
        asType: () => undefined,
        getConfig: <T>() => ({}) as T,
        notApplicable,
    };
}

function notApplicable(reason?: string): never {
    throw new Error(`not applicable: ${reason ?? "no reason"}`);
}

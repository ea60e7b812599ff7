import * as k8s from "@pulumi/kubernetes";

import { GpuPool } from "../contracts";
import { kindsOf } from "./quota";
import { PoolShare, unitsPerNode } from "./resolve";

type PolicySpec = k8s.types.input.admissionregistration.v1.ValidatingAdmissionPolicySpec;
type Rule = k8s.types.input.admissionregistration.v1.NamedRuleWithOperations;
type Validation = k8s.types.input.admissionregistration.v1.Validation;

/** What asks for GPUs. Only what is new: what was allowed before a quota became smaller must be able to end. */
const KINDS: readonly Rule[] = [
    ["", "pods"],
    ["batch", "jobs"],
    ["jobset.x-k8s.io", "jobsets"],
    ["trainer.kubeflow.org", "trainjobs"],
    ["argoproj.io", "workflows", "workflowtemplates"],
].map(([group = "", ...resources]) => ({
    apiGroups: [group],
    apiVersions: ["*"],
    operations: ["CREATE"],
    resources,
}));

/**
 * Kueue writes a TrainJob back when it starts it and leaves empty lists out, which the API server takes for a change of
 * what may not change: such a job would stay suspended, and only Kueue's log would tell why.
 */
const EMPTY_LISTS: readonly Validation[] = ["args", "command", "env"].map((field) => ({
    expression: `size(object.?spec.?trainer.?${field}.orValue(["given"])) > 0`,
    reason: "Invalid",
    message: `This could never run: leave spec.trainer.${field} out where it is empty.`,
}));

/** What a team may use of one kind of GPU. */
interface Limits {
    readonly resource: string;
    /** Its own and borrowed ones, of all pools. */
    readonly total: number;
    /** The same of the pool where it has the most: pods of one kind are never spread over pools. */
    readonly pool: number;
    /** What the largest node has, of pools that it may use. */
    readonly node: number;
}

/**
 * Refuses what no node or no quota of a team could ever hold, at once and with the reason. Everything else that does not
 * start waits, and Kueue says for what.
 */
export function impossibleJobs(team: string, pools: readonly GpuPool[], shares: readonly PoolShare[]): PolicySpec {
    const limits = kindsOf(pools).map((resource) => limitsOf(resource, pools, shares));
    return {
        failurePolicy: "Fail",
        matchConstraints: { resourceRules: [...KINDS] },
        variables: limits.map(({ resource }, index) => ({ name: `sets${index}`, expression: podSets(resource) })),
        validations: [
            ...limits.flatMap((limit, index) => validations(team, limit, `variables.sets${index}`)),
            ...EMPTY_LISTS,
        ],
    };
}

function limitsOf(resource: string, pools: readonly GpuPool[], shares: readonly PoolShare[]): Limits {
    const usable = pools.flatMap((pool) => {
        const share = shares.find((one) => one.pool === pool.name);
        const most = share === undefined ? 0 : share.nominal + share.borrow;
        return pool.resource === resource && most > 0 ? [{ most, node: unitsPerNode(pool) }] : [];
    });
    return {
        resource,
        total: usable.reduce((sum, { most }) => sum + most, 0),
        pool: Math.max(0, ...usable.map(({ most }) => most)),
        node: Math.max(0, ...usable.map(({ node }) => node)),
    };
}

function validations(team: string, { resource, total, pool, node }: Limits, sets: string): Validation[] {
    const who = `team ${team}`;
    const largest = `string(([0] + ${sets}.map(s, s.each)).max())`;
    const sum = `(object.kind == "JobSet" ? ${sets}.map(s, s.each * s.count).sum() : 0)`;
    const most = `string(([${sum}] + ${sets}.map(s, s.each * s.count)).max())`;
    return [
        {
            expression: `${sets}.all(s, s.each <= ${node})`,
            reason: "Forbidden",
            messageExpression:
                `"This could never run: a pod of it asks for " + ${largest} + ` +
                `" ${resource}, and no node that ${who} may use has more than ${node}."`,
        },
        {
            expression: `${sets}.all(s, s.each * s.count <= ${pool}) && ${sum} <= ${total}`,
            reason: "Forbidden",
            messageExpression:
                `"This could never run: it asks for " + ${most} + " ${resource} at a time, and ${who} may use ` +
                `at most ${quantities(pool, total)}, its own and borrowed."`,
        },
    ];
}

function quantities(pool: number, total: number): string {
    return pool === total ? String(total) : `${pool} of one pool and ${total} of all`;
}

/** CEL: the pods of an object that start together, as how many GPUs each of them asks for and how many there are. */
function podSets(resource: string): string {
    const asked = (of: string) =>
        `quantity(string(${of}.?limits[?"${resource}"].orValue(${of}.?requests[?"${resource}"].orValue(dyn("0"))))).asInteger()`;
    const ofContainer = (container: string) => asked(`${container}.?resources`);
    // Init containers run one after another, before the others.
    const ofPod = (spec: string) =>
        `([${spec}.containers.map(c, ${ofContainer("c")}).sum()] + ` +
        `${spec}.?initContainers.orValue([]).map(c, ${ofContainer("c")})).max()`;
    const set = (each: string, count: string) => `{"each": ${each}, "count": ${count}}`;
    const ofJob = (spec: string, replicas: string) =>
        set(ofPod(`${spec}.template.spec`), `${replicas} * int(${spec}.?parallelism.orValue(1))`);
    const templates = `object.spec.?templates.orValue([])`;
    const cases: readonly (readonly [kind: string, sets: string])[] = [
        ["Pod", `[${set(ofPod("object.spec"), "1")}]`],
        ["Job", `[${ofJob("object.spec", "1")}]`],
        ["JobSet", `object.spec.replicatedJobs.map(r, ${ofJob("r.template.spec", "int(r.?replicas.orValue(1))")})`],
        [
            "TrainJob",
            `[${set(asked("object.spec.?trainer.?resourcesPerNode"), "int(object.spec.?trainer.?numNodes.orValue(1))")}]`,
        ],
    ];
    const workflow = ["container", "script"]
        .map((field) => `${templates}.filter(t, has(t.${field})).map(t, ${set(ofContainer(`t.${field}`), "1")})`)
        .join(" + ");
    return cases.reduceRight((rest, [kind, sets]) => `object.kind == "${kind}" ? ${sets} : (${rest})`, workflow);
}

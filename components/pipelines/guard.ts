import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { TEAM_LABEL } from "../contracts";

/** A rule to which the API server itself holds those who write. */
interface Guard {
    readonly name: string;
    readonly rules: k8s.types.input.admissionregistration.v1.NamedRuleWithOperations[];
    readonly namespaceSelector?: k8s.types.input.meta.v1.LabelSelector;
    readonly conditions?: k8s.types.input.admissionregistration.v1.MatchCondition[];
    readonly variables?: k8s.types.input.admissionregistration.v1.Variable[];
    readonly expression: string;
    readonly message: string;
}

/**
 * What RBAC cannot say: the controller makes pods for teams and for nobody else, and a workflow uses the caches of its own
 * namespace alone. They stand before the controller starts.
 */
export function guardsOf(name: string, account: string, opts: pulumi.ComponentResourceOptions): pulumi.Resource[] {
    return [staysWithTeams(name, account), ownCaches(name)].flatMap((guard) => install(guard, opts));
}

function staysWithTeams(name: string, account: string): Guard {
    const writes = ["CREATE", "UPDATE", "DELETE"];
    return {
        name: `${name}-stays-with-teams`,
        rules: [
            {
                apiGroups: [""],
                apiVersions: ["v1"],
                resources: ["pods", "pods/exec"],
                operations: [...writes, "CONNECT"],
            },
            {
                apiGroups: [""],
                apiVersions: ["v1"],
                resources: ["persistentvolumeclaims"],
                operations: writes,
            },
            { apiGroups: ["policy"], apiVersions: ["v1"], resources: ["poddisruptionbudgets"], operations: writes },
            { apiGroups: ["argoproj.io"], apiVersions: ["*"], resources: ["*"], operations: writes },
        ],
        namespaceSelector: { matchExpressions: [{ key: TEAM_LABEL, operator: "DoesNotExist" }] },
        conditions: [{ name: "the-controller", expression: `request.userInfo.username == "${account}"` }],
        expression: "false",
        message: `Workflows run in namespaces with the label ${TEAM_LABEL} only.`,
    };
}

/** A template, or the defaults of templates, whose cache belongs to its namespace. */
function ownsCache(template: string): string {
    return `${template}.?memoize.?cache.?configMap.?name.orValue(variables.prefix).startsWith(variables.prefix)`;
}

/** The same of a template and of those written into its tasks and steps. */
function ownsCaches(template: string): string {
    const inline = `(!has(i.inline) || (${ownsCache("i.inline")} && !has(i.inline.dag) && !has(i.inline.steps)))`;
    return [
        ownsCache(template),
        `${template}.?dag.?tasks.orValue([]).all(i, ${inline})`,
        `${template}.?steps.orValue([]).all(g, g.all(i, ${inline}))`,
    ].join(" && ");
}

/** Argo trusts what a workflow says in its status of the templates that it has stored: users can write that, too. */
function ownCaches(name: string): Guard {
    const specs = ["object.?spec", "object.?spec.?workflowSpec", "object.?status.?storedWorkflowTemplateSpec"];
    const stored = "object.?status.?storedTemplates";
    return {
        name: `${name}-own-caches`,
        rules: [
            {
                apiGroups: ["argoproj.io"],
                apiVersions: ["*"],
                resources: ["workflows", "workflowtemplates", "cronworkflows"],
                operations: ["CREATE", "UPDATE"],
            },
        ],
        variables: [
            { name: "prefix", expression: 'namespaceObject.metadata.name + "."' },
            { name: "specs", expression: `[${specs.join(", ")}].filter(s, s.hasValue()).map(s, s.value())` },
        ],
        expression: [
            `variables.specs.all(s, !has(s.templateDefaults) || ${ownsCache("s.templateDefaults")})`,
            `variables.specs.all(s, s.?templates.orValue([]).all(t, ${ownsCaches("t")}))`,
            `${stored}.orValue({}).all(k, ${ownsCaches(`${stored}[k].orValue({})`)})`,
        ].join(" && "),
        message: "memoize.cache.configMap.name must begin with the namespace and a dot, such as team-a.digits.",
    };
}

function install(guard: Guard, opts: pulumi.ComponentResourceOptions): pulumi.Resource[] {
    const { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } = k8s.admissionregistration.v1;
    const policy = new ValidatingAdmissionPolicy(
        guard.name,
        {
            metadata: { name: guard.name },
            spec: {
                failurePolicy: "Fail",
                matchConstraints: {
                    resourceRules: guard.rules,
                    ...(guard.namespaceSelector && { namespaceSelector: guard.namespaceSelector }),
                },
                ...(guard.conditions && { matchConditions: guard.conditions }),
                ...(guard.variables && { variables: guard.variables }),
                validations: [{ expression: guard.expression, message: guard.message, reason: "Forbidden" }],
            },
        },
        opts,
    );
    const binding = new ValidatingAdmissionPolicyBinding(
        guard.name,
        {
            metadata: { name: guard.name },
            spec: { policyName: policy.metadata.name, validationActions: ["Deny"] },
        },
        opts,
    );
    return [policy, binding];
}

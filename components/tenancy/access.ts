import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import {
    ADMIN_ROLE,
    adminRules,
    MEMBER_ACCOUNT,
    memberRules,
    PIPELINE_ACCOUNT,
    pipelineRules,
    sharedRules,
    tokenRules,
} from "./roles";

type Subject = k8s.types.input.rbac.v1.Subject;
type PolicyRule = k8s.types.input.rbac.v1.PolicyRule;

const API_GROUP = "rbac.authorization.k8s.io";

export interface People {
    readonly users: readonly string[];
    readonly groups: readonly string[];
}

interface Rights extends People {
    /** Who keeps the team's Secrets and volumes in order, besides what members do. */
    readonly admins: People;
    /** The team's key of the object store, for those who look at artifacts. Default: none. */
    readonly objectSecret?: string;
    /** Its jobs wait in a queue. */
    readonly queued: boolean;
}

/** The accounts of a team, and what they and its people may do. */
export class TeamAccess extends pulumi.ComponentResource {
    readonly pipeline: pulumi.Output<string>;
    readonly member: pulumi.Output<string>;

    constructor(
        private readonly team: string,
        private readonly namespace: pulumi.Input<string>,
        { objectSecret, queued, admins, ...members }: Rights,
        opts: pulumi.ComponentResourceOptions,
    ) {
        super("mlp:index:TeamAccess", `${team}-access`, {}, opts);
        this.pipeline = this.account(PIPELINE_ACCOUNT);
        this.member = this.account(MEMBER_ACCOUNT);
        const accounts = [PIPELINE_ACCOUNT, MEMBER_ACCOUNT].map((name) => this.subjectOf(name));
        const [pipeline, member] = accounts.map((one) => [one]);
        const administrators = subjectsOf(admins);
        const persons = subjectsOf({
            users: distinct([...members.users, ...admins.users]),
            groups: distinct([...members.groups, ...admins.groups]),
        });

        this.role(PIPELINE_ACCOUNT, pipelineRules(), pipeline ?? []);
        this.role(MEMBER_ACCOUNT, memberRules(objectSecret, queued), [...(member ?? []), ...persons]);
        if (administrators.length > 0) this.role(ADMIN_ROLE, adminRules(), administrators);
        if (persons.length > 0) this.role("member-token", tokenRules(), persons);
        this.clusterRole([...accounts, ...persons], queued);
        this.registerOutputs({ pipeline: this.pipeline, member: this.member });
    }

    // Its token is mounted: a step reports its result with it, a notebook reaches the registry with it.
    private account(name: string): pulumi.Output<string> {
        const metadata = { name, namespace: this.namespace };
        return new k8s.core.v1.ServiceAccount(`${this.team}-${name}`, { metadata }, { parent: this }).metadata.name;
    }

    private subjectOf(name: string): Subject {
        return { kind: "ServiceAccount", name, namespace: this.namespace };
    }

    private role(name: string, rules: PolicyRule[], subjects: Subject[]): void {
        const parent = { parent: this };
        const metadata = { name, namespace: this.namespace };
        const role = new k8s.rbac.v1.Role(`${this.team}-${name}`, { metadata, rules }, parent);
        const roleRef = { apiGroup: API_GROUP, kind: "Role", name: role.metadata.name };
        new k8s.rbac.v1.RoleBinding(`${this.team}-${name}`, { metadata, roleRef, subjects }, parent);
    }

    private clusterRole(subjects: Subject[], queued: boolean): void {
        const parent = { parent: this };
        const metadata = { name: `${this.team}-shared` };
        const role = new k8s.rbac.v1.ClusterRole(metadata.name, { metadata, rules: sharedRules(queued) }, parent);
        const roleRef = { apiGroup: API_GROUP, kind: "ClusterRole", name: role.metadata.name };
        new k8s.rbac.v1.ClusterRoleBinding(metadata.name, { metadata, roleRef, subjects }, parent);
    }
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)];

function subjectsOf({ users, groups }: People): Subject[] {
    return [
        ...users.map((name) => ({ kind: "User", name, apiGroup: API_GROUP })),
        ...groups.map((name) => ({ kind: "Group", name, apiGroup: API_GROUP })),
    ];
}

import * as pulumi from "@pulumi/pulumi";

import { appUrl, Gateway, Identity } from "../contracts";
import { GpuMetricsSource, NotebookTeam } from "./args";
import {
    DCGM_PORT,
    HUB_PORT,
    NOTEBOOKS_NAMESPACE,
    NotebooksSpec,
    ProfileSpec,
    PROXY_API_PORT,
    PROXY_PORT,
} from "./resolve";

export const HUB = "hub";
export const PROXY = "proxy";
/** Where the hub finds what it checks the identity provider against. */
export const IDENTITY_CA_FOLDER = "/etc/identity";
/** In each team's namespace: certificates that notebooks trust besides the public ones. */
export const TRUST_CONFIG_MAP = "mlp-trust";

export interface Surroundings {
    readonly gateway: Gateway;
    readonly identity: Identity;
    readonly teams: readonly NotebookTeam[];
    readonly gpuMetrics?: GpuMetricsSource | undefined;
    readonly environment: { readonly [name: string]: pulumi.Input<string> };
    readonly hasTrust: boolean;
}

/** What services/jupyterhub reads, in its own words. */
export function hubSettings(spec: NotebooksSpec, around: Surroundings): pulumi.Output<string> {
    const { gateway, identity, teams, gpuMetrics, environment } = around;
    return pulumi.jsonStringify({
        public_url: appUrl(gateway, "hub"),
        hub_url: serviceUrl(HUB, HUB_PORT),
        proxy_url: serviceUrl(PROXY, PROXY_PORT),
        proxy_api_url: serviceUrl(PROXY, PROXY_API_PORT),
        image: spec.images.notebook,
        identity: {
            client_id: identity.hub.clientId,
            authorization_endpoint: identity.authorizationEndpoint,
            token_endpoint: identity.tokenEndpoint,
            userinfo_endpoint: identity.userinfoEndpoint,
            username_claim: identity.usernameClaim,
            groups_claim: identity.groupsClaim,
            admin_group: identity.adminGroup,
            scopes: ["openid", ...identity.scopes],
            ...(identity.caCertificates !== undefined && { ca_path: `${IDENTITY_CA_FOLDER}/ca.crt` }),
        },
        teams: teams.map((team) => teamOf(team, identity.prefix)),
        profiles: spec.profiles.map(profileOf),
        volume_size: spec.volume.size,
        ...(spec.volume.storageClass !== undefined && { storage_class: spec.volume.storageClass }),
        limits: {
            concurrent_starts: spec.limits.concurrentStarts,
            start_seconds: spec.limits.startSeconds,
            servers_per_user: spec.limits.serversPerUser,
            consecutive_failures: spec.limits.consecutiveFailures,
        },
        culling: { every_seconds: spec.cullEverySeconds },
        environment,
        ...(around.hasTrust && { trust_config_map: TRUST_CONFIG_MAP }),
        ...(gpuMetrics && { gpu_metrics: { host: gpuMetrics.host, port: gpuMetrics.port ?? DCGM_PORT } }),
    });
}

function serviceUrl(name: string, port: number): string {
    return `http://${name}.${NOTEBOOKS_NAMESPACE}.svc:${port}`;
}

function teamOf({ tenant, groups, users }: NotebookTeam, prefix: string): object {
    const plain = (name: string) => (prefix !== "" && name.startsWith(prefix) ? name.slice(prefix.length) : name);
    return {
        name: tenant.name,
        namespace: tenant.namespace,
        service_account: tenant.memberServiceAccount,
        groups: (groups ?? [`team-${tenant.name}`]).map(plain),
        users: (users ?? []).map((user) => plain(user).toLowerCase()),
        ...(tenant.objects.secretName !== undefined && { object_secret: tenant.objects.secretName }),
        ...(tenant.queueName !== undefined && { queue: tenant.queueName }),
    };
}

function profileOf({ name, title, cpu, cpuLimit, memory, memoryLimit, idleSeconds, gpu }: ProfileSpec): object {
    return {
        name,
        title,
        cpu,
        ...(cpuLimit !== undefined && { cpu_limit: cpuLimit }),
        memory,
        memory_limit: memoryLimit,
        idle_seconds: idleSeconds,
        ...(gpu && {
            gpu_resource: gpu.resource,
            gpus: gpu.count,
            gpu_idle_seconds: gpu.idleSeconds,
            node_selector: gpu.nodeLabels,
        }),
    };
}

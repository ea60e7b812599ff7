import * as k8s from "@pulumi/kubernetes";

import { QuotaSpec, TeamSpec } from "./resolve";

/** The sum of what runs and lies in a namespace. CPU has no limit, as everywhere on the platform: only a share. */
export function quotaSpecOf(quota: QuotaSpec): k8s.types.input.core.v1.ResourceQuotaSpec {
    const counts = Object.entries(quota.objects).map(([kind, count]) => [`count/${kind}`, String(count)] as const);
    const gpus = Object.entries(quota.gpus).map(
        ([resource, count]) => [`requests.${resource}`, String(count)] as const,
    );
    return {
        hard: {
            "requests.cpu": quota.cpu,
            "requests.memory": quota.memory,
            "limits.memory": quota.memoryLimit,
            pods: String(quota.pods),
            "requests.storage": quota.storage,
            persistentvolumeclaims: String(quota.volumes),
            // Ways into the cluster are the platform's to open.
            "services.loadbalancers": "0",
            "services.nodeports": "0",
            ...Object.fromEntries([...gpus, ...counts]),
        },
    };
}

/** What a container gets that asks for nothing: without it the quota would refuse it. */
export function limitRangeSpecOf({
    cpu,
    memory,
    memoryLimit,
}: TeamSpec["containers"]): k8s.types.input.core.v1.LimitRangeSpec {
    const limit = { type: "Container", defaultRequest: { cpu, memory }, default: { memory: memoryLimit } };
    return { limits: [limit] };
}

import * as k8s from "@pulumi/kubernetes";

/** UID and GID of every container that does not need another. */
export const NON_ROOT = 65532;

/** What Pod Security `restricted` asks of a pod, and a group that may write to its volumes. */
export function podSecurity(user: number = NON_ROOT): k8s.types.input.core.v1.PodSecurityContext {
    return {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        seccompProfile: { type: "RuntimeDefault" },
    };
}

/** What Pod Security `restricted` asks of a container, and a read-only root file system. */
export function containerSecurity(): k8s.types.input.core.v1.SecurityContext {
    return {
        runAsNonRoot: true,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
    };
}

/** Labels of a namespace whose pods must meet one Pod Security level. */
export function podSecurityLabels(level: "restricted" | "privileged"): { [label: string]: string } {
    return {
        "pod-security.kubernetes.io/enforce": level,
        "pod-security.kubernetes.io/warn": level,
        "pod-security.kubernetes.io/audit": level,
    };
}

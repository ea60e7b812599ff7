import { Probe } from "./probes";

export type ComponentName =
    | "containerd"
    | "coredns"
    | "etcd"
    | "kube-apiserver"
    | "kube-controller-manager"
    | "kube-proxy"
    | "kube-scheduler"
    | "kubelet"
    | "kwok"
    | "network-policy-stand-in";

/** A long-running program of the node, as data. */
export interface Component {
    readonly name: ComponentName;
    readonly program: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    /** Configuration files to write before the first start, by path. */
    readonly files: Readonly<Record<string, string>>;
    readonly ready: Probe;
    /** Components that must have become ready first. */
    readonly after: readonly ComponentName[];
}

/** `--key=value` for every pair. */
export function flags(values: Readonly<Record<string, string | number | boolean>>): string[] {
    return Object.entries(values).map(([key, value]) => `--${key}=${value}`);
}

/**
 * Settings of Go's collector for a long-running program that is mostly idle: collect earlier than by default, and work
 * harder still from `limit` on. The limit is soft, but a program that lives near it does little else than collect: it is
 * several times what the program holds with every service of the platform.
 */
export function goMemory(limit: string): Record<string, string> {
    return { GOGC: "50", GOMEMLIMIT: limit };
}

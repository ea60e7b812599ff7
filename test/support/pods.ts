import { Registered } from "./mocks";

export interface Container {
    readonly name: string;
    readonly image: string;
    readonly imagePullPolicy: string;
    readonly securityContext: Record<string, unknown>;
    readonly resources: { requests?: Record<string, string>; limits?: Record<string, string> };
    readonly [key: string]: unknown;
}

export interface PodSpec {
    readonly containers: Container[];
    readonly initContainers?: Container[];
    readonly [key: string]: unknown;
}

/** Every pod template below a resource's inputs, wherever it stands: whatever has containers. */
export function podsOf({ inputs }: Registered): PodSpec[] {
    const found: PodSpec[] = [];
    const walk = (value: unknown): void => {
        if (typeof value !== "object" || value === null) return;
        if ("containers" in value && Array.isArray(value.containers)) found.push(value as PodSpec);
        else Object.values(value).forEach(walk);
    };
    walk(inputs);
    return found;
}

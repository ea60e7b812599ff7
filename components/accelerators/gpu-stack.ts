import { GpuPool, ImageSource, unknownImage } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";

/** What makes the GPUs of nodes schedulable. */
export const GpuStack = {
    /** NVIDIA's device plugin, as a DaemonSet on the pools whose nodes bring none. */
    DevicePlugin: "device-plugin",
    /** Dynamic Resource Allocation: NVIDIA's DRA driver. Kubernetes 1.34 and newer; refused for now. */
    Dra: "dra",
    /** The nodes' operating system does it: Bottlerocket. */
    None: "none",
} as const;
export type GpuStack = (typeof GpuStack)[keyof typeof GpuStack];

export const GPU = "nvidia.com/gpu";

/** How the device plugin offers the GPUs of a pool. */
export interface PluginPool {
    readonly pool: string;
    readonly nodeLabels: { readonly [label: string]: string };
    /** `single` offers MIG devices as `nvidia.com/gpu`, `mixed` by their profile. */
    readonly migStrategy: "none" | "single" | "mixed";
    /** Pods on each GPU. */
    readonly timeSlices: number;
}

export interface NvidiaGpusSpec {
    /** One device plugin each. */
    readonly plugins: readonly PluginPool[];
    readonly efa: boolean;
    readonly images: { readonly plugin: string; readonly exporter: string; readonly efa: string };
}

interface Arguments {
    readonly images: ImageSource;
    readonly pools: readonly GpuPool[];
    readonly kubernetesVersion: string;
    readonly gpuStack?: GpuStack;
}

/**
 * Decides what each pool needs and refuses what cannot work. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong.
 */
export function resolveNvidiaGpus(args: Arguments, path: string): NvidiaGpusSpec {
    const problems = [...stackProblems(args, path), ...poolsProblems(args.pools, path)];
    const lookUp = (name: string, needed: boolean): string => {
        const reference = args.images.references[name];
        if (reference === undefined && needed) problems.push(unknownImage(args.images, name, `${path}.images`));
        return reference ?? "";
    };
    const plugins = args.pools.filter(({ builtInDevicePlugin }) => builtInDevicePlugin !== true).map(pluginOf);
    const efa = args.pools.some(({ efaInterfaces = 0 }) => efaInterfaces > 0);
    const images = {
        plugin: lookUp("nvidia-device-plugin", plugins.length > 0),
        exporter: lookUp("dcgm-exporter", args.pools.length > 0),
        efa: lookUp("efa-device-plugin", efa),
    };
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze({ plugins, efa, images });
}

function pluginOf({ name, nodeLabels, resource, timeSlices = 1, migProfile }: GpuPool): PluginPool {
    const strategy = resource === GPU ? "single" : "mixed";
    return { pool: name, nodeLabels, timeSlices, migStrategy: migProfile === undefined ? "none" : strategy };
}

const CHECKS: Readonly<Record<GpuStack, (args: Arguments, path: string) => Problem[]>> = {
    [GpuStack.DevicePlugin]: ({ pools }, path) =>
        pools.flatMap(({ builtInDevicePlugin }, index) =>
            builtInDevicePlugin === true
                ? [
                      {
                          path: `${path}.pools[${index}].builtInDevicePlugin`,
                          found: true,
                          allowed: "false with gpuStack device-plugin: two plugins would offer the same GPUs",
                          fix: "Leave gpuStack out: each pool then gets what its nodes lack.",
                      },
                  ]
                : [],
        ),
    [GpuStack.None]: ({ pools }, path) =>
        pools.flatMap(({ name, builtInDevicePlugin }, index) =>
            builtInDevicePlugin === true
                ? []
                : [
                      {
                          path: `${path}.pools[${index}]`,
                          found: name,
                          allowed:
                              "with gpuStack none only pools whose nodes bring a device plugin, such as Bottlerocket's",
                          fix: "Leave gpuStack out, or change the pool's image.",
                      },
                  ],
        ),
    [GpuStack.Dra]: draProblems,
};

function stackProblems(args: Arguments, path: string): Problem[] {
    const { gpuStack } = args;
    if (gpuStack === undefined) return [];
    const check = Object.hasOwn(CHECKS, gpuStack) ? CHECKS[gpuStack] : undefined;
    if (check !== undefined) return check(args, path);
    const allowed = Object.values(GpuStack).join(", ");
    return [{ path: `${path}.gpuStack`, found: gpuStack, allowed, fix: "Name one of them, or leave it out." }];
}

const FIRST_DRA_MINOR = 34;

function draProblems({ kubernetesVersion, pools }: Arguments, path: string): Problem[] {
    const [, minor = "0"] = kubernetesVersion.split(".");
    const builtIn = pools.flatMap(({ builtInDevicePlugin }, index) =>
        builtInDevicePlugin === true
            ? [
                  {
                      path: `${path}.pools[${index}].builtInDevicePlugin`,
                      found: true,
                      allowed: "false with DRA: plugin and driver would both hand out the same GPUs",
                      fix: "Take nodes without a device plugin, such as AL2023's.",
                  },
              ]
            : [],
    );
    const old =
        Number(minor) < FIRST_DRA_MINOR
            ? [
                  {
                      path: `${path}.kubernetesVersion`,
                      found: kubernetesVersion,
                      allowed: `1.${FIRST_DRA_MINOR} or newer for DRA`,
                      fix: "Upgrade the cluster first.",
                  },
              ]
            : [];
    const notYet = {
        path: `${path}.gpuStack`,
        found: GpuStack.Dra,
        allowed: "device-plugin or none: this component does not install NVIDIA's DRA driver yet",
        fix: "Leave gpuStack out. Karpenter 1.14 ignores claims too, so elastic pools would not grow for them.",
    };
    return [...old, ...builtIn, notYet];
}

function poolsProblems(pools: readonly GpuPool[], path: string): Problem[] {
    return pools.flatMap((pool, index) => {
        const where = `${path}.pools[${index}]`;
        const repeated = pools.findIndex(({ name }) => name === pool.name) < index;
        return [
            ...(repeated ? [problem(where, "name", pool.name, "each name once", "Rename a pool.")] : []),
            ...labelProblems(pool, pools, where),
            ...sharingProblems(pool, where),
        ];
    });
}

/** With several pools, a plugin must find its own nodes and no others. */
function labelProblems(pool: GpuPool, pools: readonly GpuPool[], where: string): Problem[] {
    const overlapping = pools.find((other) => other !== pool && covers(pool.nodeLabels, other.nodeLabels));
    if (overlapping === undefined) return [];
    const allowed = `labels that nodes of ${overlapping.name} do not carry too`;
    return [problem(where, "nodeLabels", pool.nodeLabels, allowed, "Give every pool a label of its own.")];
}

/** Every node with the second labels also matches the first. */
function covers(first: GpuPool["nodeLabels"], second: GpuPool["nodeLabels"]): boolean {
    return Object.entries(first).every(([label, value]) => second[label] === value);
}

function sharingProblems(pool: GpuPool, where: string): Problem[] {
    const { timeSlices, migProfile, efaInterfaces = 0 } = pool;
    const problems: Problem[] = [];
    const wrong = (field: string, found: unknown, allowed: string, fix: string) =>
        problems.push(problem(where, field, found, allowed, fix));
    if (timeSlices !== undefined && (!Number.isInteger(timeSlices) || timeSlices < 1)) {
        wrong("timeSlices", timeSlices, "a whole number from 1 on", "Correct the number.");
    }
    if (timeSlices !== undefined && timeSlices > 1 && migProfile !== undefined) {
        wrong("timeSlices", timeSlices, "left out where migProfile is given", "Choose one way to share.");
    }
    const resources = [GPU, ...(migProfile === undefined ? [] : [migResource(migProfile)])];
    if (!resources.includes(pool.resource)) {
        wrong("resource", pool.resource, resources.join(" or "), "Name what the device plugin offers.");
    }
    if (!Number.isInteger(efaInterfaces) || efaInterfaces < 0) {
        wrong("efaInterfaces", efaInterfaces, "a whole number from 0 on", "Correct the number.");
    }
    return problems;
}

/** As the device plugin names a MIG profile: `+` is not allowed in a resource's name. */
function migResource(profile: string): string {
    return `nvidia.com/mig-${profile.replaceAll("+", ".")}`;
}

function problem(where: string, field: string, found: unknown, allowed: string, fix: string): Problem {
    return { path: `${where}.${field}`, found, allowed, fix };
}

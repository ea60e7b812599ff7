import { costsOf, planOf } from "../infra/plan";
import { PlatformSpec } from "../infra/resolve";
import { Layer } from "../infra/spec";
import { stacksOf } from "./layers";

/** Says what an environment's stack files would put where, and what it costs. Asks nobody, and needs no account. */
export function plan({ env, layer }: { readonly env: string; readonly layer?: Layer }): void {
    const stacks = stacksOf(env, { ...(layer && { layer }), locked: false });
    console.log(stacks.map(({ stack, spec }) => planOf(stack, spec).join("\n")).join("\n\n"));
}

/** The estimate that `up` begins with; nothing where no cluster is paid for. */
export function costLines({ cluster, layer }: PlatformSpec): string[] {
    return cluster.kind === "eks" && layer !== "platform" ? costsOf(cluster.eks) : [];
}

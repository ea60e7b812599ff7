import { EksGpuClusterArgs } from "../components/cluster/eks/args";
import { contractOf } from "../components/cluster/eks/contract";
import { resolveEks } from "../components/cluster/eks/resolve";
import { Problem } from "../components/problems";
import { EksConfig } from "./config-eks";
import { checked, Checked } from "./checked";
import { ENVIRONMENTS } from "./environments";
import { ClusterSource } from "./resolve-layers";
import { EksClusterSpec, Environment, PlatformSpec } from "./spec";

type Source = Pick<ClusterSource, "config" | "root">;

/** What a stack of ours makes on AWS, and whose it is. */
export interface AwsSpec extends Pick<PlatformSpec, "tags" | "budget" | "dns" | "registry"> {
    readonly cluster: EksClusterSpec;
}

/**
 * Turns `cluster` of kind `eks` into the arguments of EksGpuCluster, by the defaults of its environment, and checks
 * them. Pure.
 */
export function resolveAws(config: EksConfig, source: Source, today: string | undefined): Checked<AwsSpec> {
    const { environment, budget, dns, registry } = source.config;
    const tags = tagsOf(source.config);
    const args = eksArgs(config, environment, tags, today);
    const eks = checked(() => resolveEks(args, `${source.root}.cluster`));
    const problems = [...tagProblems(source), ...eks.problems];
    if (!eks.ok || problems.length > 0) return { ok: false, problems };
    const contract = contractOf(eks.value);
    const cluster: EksClusterSpec = {
        kind: "eks",
        account: config.account,
        args,
        eks: eks.value,
        contract,
        gpuPools: contract.gpuPools,
    };
    const given = { ...(budget && { budget }), ...(dns && { dns }), ...(registry && { registry }) };
    return { ok: true, value: { cluster, tags, ...given }, problems: [] };
}

function eksArgs(
    { kind: _kind, account: _account, ...given }: EksConfig,
    environment: Environment,
    tags: Readonly<Record<string, string>>,
    today: string | undefined,
): EksGpuClusterArgs {
    const { natGateways, protect } = ENVIRONMENTS[environment];
    const { network } = given;
    return {
        clusterName: platformTag(environment),
        protect,
        ...given,
        ...(network && { network: { natGateways, ...network } }),
        tags: { ...tags },
        ...(today !== undefined && { today }),
    };
}

/** Owner and cost centre as given; `platform` is what the budget counts by. */
function tagsOf({ environment, tags }: Source["config"]): Record<string, string> {
    return { environment, platform: platformTag(environment), ...tags };
}

function platformTag(environment: Environment): string {
    return `mlp-${environment}`;
}

function tagProblems({ config, root }: Source): Problem[] {
    if (config.tags !== undefined) return [];
    const allowed = "owner and costCenter: what nobody answers for is never cleaned up";
    return [{ path: `${root}.tags`, found: undefined, allowed, fix: "Add both below `tags`." }];
}

import { Scaling } from "../components/cluster/eks/args";

import { estimateCosts, totalOf } from "../components/cluster/eks/cost";
import { EksSpec, NetworkSpec, PoolCost, PoolSpec } from "../components/cluster/eks/spec";
import { EksClusterSpec, Layer, PipelinesSpec, PlatformSpec } from "./spec";

const LAYERS: Readonly<Record<Layer, string>> = {
    all: "cluster and platform",
    cluster: "the cluster",
    platform: "the platform, on the cluster of its own stack",
};

/** What a stack would put where, and what it costs: text for its reader. Pure. */
export function planOf(stack: string, spec: PlatformSpec): string[] {
    const { environment, layer, cluster, protect } = spec;
    const rows: Row[] = [
        ["environment", `${environment}${protect ? ", protected against deletion" : ""}`],
        ["holds", LAYERS[layer]],
        ...(cluster.kind === "eks" ? clusterRows(cluster, layer) : [["cluster", cluster.kind] as Row]),
        ...(layer === "platform" ? [] : accountRows(spec)),
        ...(holdsData(spec) ? dataRows(spec) : []),
        ...(layer === "cluster" ? [] : platformRows(spec)),
    ];
    const costs = cluster.kind === "eks" && layer !== "platform" ? ["", ...costsOf(cluster.eks)] : [];
    return [`stack ${stack}`, ...table(rows).map((line) => `  ${line}`), ...costs.map((line) => `  ${line}`.trimEnd())];
}

type Row = [label: string, text: string];

function clusterRows({ account, eks }: EksClusterSpec, layer: Layer): Row[] {
    const at: Row = ["cluster", `EKS ${eks.clusterName}, Kubernetes ${eks.version}, ${eks.region}, account ${account}`];
    if (layer === "platform") return [at];
    const { allowedCidrs } = eks.endpoint;
    return [
        at,
        [
            "API server",
            `within the VPC${allowedCidrs.length === 0 ? " alone" : `, and from ${allowedCidrs.join(", ")}`}`,
        ],
        ["network", networkOf(eks.network)],
        ["system pool", poolOf(eks.systemPool)],
        ...eks.gpuPools.map((pool): Row => [`GPU pool ${pool.name}`, poolOf(pool)]),
        ["storage", storageOf(eks.storage)],
        ["add-ons", eks.addons.map(({ name, version }) => `${name} ${version}`).join(", ")],
    ];
}

function accountRows({ tags, budget, dns, registry }: PlatformSpec): Row[] {
    const given = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
    return [
        ...(given.length === 0 ? [] : [["tags", given.join(", ")] as Row]),
        ...(registry === undefined ? [] : [["registry", registryOf(registry.pullAccounts)] as Row]),
        ...(dns === undefined ? [] : [["certificate", `${dns.domain}, *.${dns.domain}`] as Row]),
        ...(budget === undefined
            ? []
            : [["budget", `${budget.monthlyUsd} USD a month; ${budget.emails.join(", ")}`] as Row]),
    ];
}

function registryOf(accounts: readonly string[]): string {
    const others = accounts.length === 0 ? "" : `, pulled from by ${accounts.join(", ")} too`;
    return `an ECR repository for each image${others}`;
}

function platformRows({
    training,
    images,
    pipelines,
    modelRegistry,
    queueing,
    notebooks,
    entrance,
    teams,
}: PlatformSpec): Row[] {
    return [
        ...training.runtimes.map(({ framework, image }): Row => [`runtime ${framework}`, images[image] ?? image]),
        ...(pipelines === undefined ? [] : [["pipelines", pipelinesOf(pipelines)] as Row]),
        ...(modelRegistry === undefined ? [] : [["model registry", `MLflow, ${podsOf(modelRegistry)}`] as Row]),
        ...(queueing === undefined ? [] : [["queueing", `Kueue, ${podsOf(queueing)}`] as Row]),
        ...(notebooks === undefined ? [] : [["notebooks", "JupyterHub"] as Row]),
        ...(entrance === undefined
            ? []
            : ([
                  ["gateway", `Envoy Gateway for *.${entrance.domain}, ${podsOf(entrance)}`],
                  ["sign-in", entrance.identity.kind === "oidc" ? entrance.identity.issuer : "a local stand-in"],
              ] as Row[])),
        ...(teams.length === 0 ? [] : [["teams", teams.map(({ name }) => name).join(", ")] as Row]),
    ];
}

function pipelinesOf({ restrictTemplates, ...pipelines }: PipelinesSpec): string {
    return `Argo Workflows, ${podsOf(pipelines)}${restrictTemplates ? ", stored templates alone" : ""}`;
}

function podsOf({ replicas }: { readonly replicas: number }): string {
    return replicas === 1 ? "1 pod" : `${replicas} pods`;
}

/** In which stack they stand: on AWS they outlive a platform that is put up anew. */
function holdsData({ cluster, layer }: PlatformSpec): boolean {
    return cluster.kind === "eks" ? layer !== "platform" : layer !== "cluster";
}

function dataRows({ data }: PlatformSpec): Row[] {
    if (data === undefined) return [];
    const { objectStore, database, retain } = data;
    const store =
        objectStore.kind === "s3"
            ? `S3, buckets ${objectStore.bucketPrefix}-…`
            : `SeaweedFS on ${objectStore.volumeSize}`;
    const rds = `RDS PostgreSQL 17, ${database.instanceClass}${database.multiAz ? ", in two zones" : ""}, ${database.volumeSize}`;
    const server = database.kind === "rds" ? rds : `PostgreSQL 17 on ${database.volumeSize}`;
    const kept = retain ? "; kept when the platform goes" : "";
    return [
        ["object store", `${store}${kept}`],
        ["database", `${server}${kept}`],
    ];
}

function networkOf(network: NetworkSpec): string {
    if (network.kind === "existing") return `an existing VPC in ${network.zones.join(", ")}`;
    const { cidr, podCidr, zones, natGateways } = network;
    return `VPC ${cidr}, pods ${podCidr}, in ${zones.join(", ")}; NAT ${natGateways}`;
}

function poolOf({ instanceTypes, capacity, scaling, zones, min, max, gpu }: PoolSpec): string {
    const gpus = gpu === undefined ? "" : `, ${gpu.count} × ${gpu.product}`;
    const by = scaling === Scaling.Elastic ? "Karpenter" : "a node group";
    return `${instanceTypes.join(", ")}${gpus}; ${capacity}; ${min} to ${max} nodes by ${by}; ${zones.join(", ")}`;
}

function storageOf({ efs, lustre }: EksSpec["storage"]): string {
    const shared = lustre && `FSx for Lustre of ${lustre.capacityGiB} GiB in ${lustre.zone}`;
    return ["gp3", ...(efs ? ["EFS"] : []), ...(shared === undefined ? [] : [shared])].join(", ");
}

/** The estimate by pool, in whole USD. Pure. */
export function costsOf(spec: EksSpec): string[] {
    const costs = estimateCosts(spec);
    const row = ({ pool, least, most, basis }: PoolCost) => [pool, least.toFixed(0), most.toFixed(0), basis];
    return table([["USD a month", "at least", "at most", ""], ...costs.map(row), row(totalOf(costs))]);
}

function table(rows: readonly (readonly string[])[]): string[] {
    const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    return rows.map((row) =>
        row
            .map((cell, column) => cell.padEnd(widths[column] ?? 0))
            .join("  ")
            .trimEnd(),
    );
}

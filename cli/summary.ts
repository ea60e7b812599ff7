import { PlatformSpec } from "../infra/resolve";
import { DataSpec } from "../infra/spec";
import { Bootstrap } from "../toolchain/bootstrap";
import { chooseNetworkPolicies, ClusterInfo } from "../toolchain/cluster";

export interface Summary {
    readonly seconds: number;
    readonly spec: PlatformSpec;
    readonly made: Bootstrap;
    readonly info: ClusterInfo | undefined;
    readonly outputs: Readonly<Record<string, unknown>>;
}

/** What stands at the end of `up`: what runs where, in which version, what is a stand-in, and what to do next. */
export function printSummary(summary: Summary): void {
    console.log(summaryOf(summary).join("\n"));
}

export function summaryOf({ seconds, spec, made, info, outputs }: Summary): string[] {
    const cluster = outputs.cluster as { name: string; kubernetesVersion: string } | undefined;
    const runtimes = Object.entries((outputs.trainingRuntimes ?? {}) as Record<string, string>);
    const rows: [string, string][] = [
        ["environment", environmentOf(spec, outputs)],
        [
            "cluster",
            `${cluster?.name ?? "?"}, Kubernetes ${info?.versions.kubernetes ?? cluster?.kubernetesVersion ?? "?"}`,
        ],
        ...(info === undefined
            ? []
            : ([
                  ["API server", info.apiUrl],
                  ["KUBECONFIG", info.kubeconfig],
              ] as [string, string][])),
        ...outputRows(outputs),
        ...(spec.layer === "cluster"
            ? []
            : ([["training", `${operatorsOf(spec)}; runtimes ${runtimes.map(([, name]) => name).join(", ")}`]] as [
                  string,
                  string,
              ][])),
        ...(spec.layer === "cluster" ? [] : servicesRows(spec)),
        ...entranceRows(spec, outputs),
        ["GPUs", gpusOf(spec)],
        ["stand-ins", standInsOf(spec, made)],
    ];
    const width = Math.max(...rows.map(([label]) => label.length));
    return [
        "",
        `The ${spec.layer === "cluster" ? "cluster" : "platform"} is up (${seconds.toFixed(0)} s).`,
        ...rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`),
        "",
        ...nextSteps(spec),
    ];
}

function environmentOf({ environment }: PlatformSpec, { installation }: Summary["outputs"]): string {
    return typeof installation === "string" ? `${environment} (installation ${installation})` : environment;
}

/** What the next command wants of a cluster's stack. */
function outputRows({ registry, certificateArn }: Summary["outputs"]): [string, string][] {
    return [
        ...(typeof registry === "string" ? [["registry", registry] as [string, string]] : []),
        ...(typeof certificateArn === "string" ? [["certificate", certificateArn] as [string, string]] : []),
    ];
}

function nextSteps({ cluster, environment }: PlatformSpec): string[] {
    if (cluster.kind !== "eks") {
        return [
            "  npm run example:training            a distributed training job on real data",
            "  npm run example:pipeline            data, training and registration as a pipeline, with two UIs",
            "  npm run kubectl -- get pods -A      what runs",
            '  eval "$(npm run --silent env)"      plain pulumi and kubectl in this shell',
            "  npm run down                        stop it; nothing is lost",
        ];
    }
    const { clusterName, region } = cluster.eks;
    return [
        `  aws eks update-kubeconfig --name ${clusterName} --region ${region}    kubectl in this shell`,
        `  npx mlp destroy --env ${environment}    what is protected and what stays; changes nothing`,
    ];
}

function operatorsOf({ images }: PlatformSpec): string {
    return `JobSet ${versionOf(images.jobset)}, Kubeflow Trainer ${versionOf(images.trainer)}`;
}

/** Stores, pipelines, registry and teams, as far as the platform has them. */
function servicesRows({ data, pipelines, modelRegistry, queueing, teams, images }: PlatformSpec): [string, string][] {
    const stores = data && `${STORES[data.objectStore.kind]}, ${DATABASES[data.database.kind]}`;
    const argo = pipelines && `Argo Workflows ${versionOf(images["argo-workflow-controller"])}`;
    const mlflow = modelRegistry && `MLflow ${versionOf(images.mlflow)}`;
    const names = teams.map(({ name }) => `${name} (namespace team-${name})`).join(", ");
    const rows: [string, string | undefined][] = [
        ["data", stores],
        ["pipelines", argo],
        ["model registry", mlflow],
        ["queueing", queueing && `Kueue ${versionOf(images.kueue)}`],
        ["teams", names === "" ? undefined : names],
    ];
    return rows.flatMap(([label, text]) => (text === undefined ? [] : [[label, text] as [string, string]]));
}

/** Where pages are, and who can sign in. */
function entranceRows({ entrance }: PlatformSpec, { urls }: Summary["outputs"]): [string, string][] {
    if (entrance === undefined) return [];
    const pages = Object.values((urls ?? {}) as Record<string, string>).join(", ");
    const local = "a stand-in of ours; `npx mlp accounts` prints who can sign in";
    return [
        ["pages", pages],
        ["sign-in", entrance.identity.kind === "oidc" ? entrance.identity.issuer : local],
    ];
}

const STORES: Readonly<Record<DataSpec["objectStore"]["kind"], string>> = { s3: "S3", seaweedfs: "SeaweedFS" };
const DATABASES: Readonly<Record<DataSpec["database"]["kind"], string>> = {
    postgres: "PostgreSQL 17",
    rds: "RDS PostgreSQL 17",
};

/** The version that an image's tag tells; a reference by digest alone is shown by its digest. Pure. */
export function versionOf(reference = ""): string {
    const [name = "", digest] = reference.split("@");
    return /:v?([^:/]+)$/.exec(name)?.[1] ?? digest?.slice(0, "sha256:".length + 12) ?? "?";
}

function gpusOf({ cluster, simulatedGpus }: PlatformSpec): string {
    const pools = cluster.gpuPools.map(({ name, gpusPerNode, maxNodes }) => `${name}: ${maxNodes} × ${gpusPerNode}`);
    if (pools.length === 0) return "none";
    return `${pools.join(", ")}${simulatedGpus ? " (simulated: real allocation, no device behind it)" : ""}`;
}

function standInsOf({ simulatedGpus, cluster, entrance }: PlatformSpec, { plugins }: Bootstrap): string {
    const ours = Object.entries(plugins).filter(([, origin]) => origin === "stand-in" || origin === "simulator");
    const names = ours.map(([name, origin]) => (origin === "simulator" ? `${name} (a simulator)` : name));
    if (simulatedGpus) names.push("GPUs");
    if (entrance?.identity.kind === "local") names.push("identity provider");
    if (cluster.kind === "embedded" && chooseNetworkPolicies(cluster.networkPolicies)) names.push("network policies");
    return names.length === 0 ? "none" : `${names.join(", ")} (see docs/stand-ins.md)`;
}

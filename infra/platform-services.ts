import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import {
    GpuPool,
    DatabaseServer,
    ImageSource,
    ModelRegistry,
    ObjectStore,
    StorageClasses,
    Tenant,
} from "../components/contracts";
import { Postgres, PostgresBackup, SeaweedFs } from "../components/data";
import { podSecurityLabels } from "../components/kubernetes/hardening";
import type { RouteBackend } from "../components/gateway";
import { Pipelines } from "../components/pipelines";
import { MlflowRegistry, REGISTRY_NAMESPACE, REGISTRY_PORT } from "../components/registry";
import { Team, TeamQuota } from "../components/tenancy";
import type { Entrance } from "./platform-gateway";
import { DATA_NAMESPACE, DataSpec, ROOT, ServicesSpec, TeamSpec } from "./spec";
import { stackSecret } from "./stack-secret";

/** Stores that stand outside the cluster; what is missing is made inside. */
export interface CloudStores {
    readonly store?: ObjectStore;
    readonly server?: DatabaseServer;
}

export interface ServicesFooting {
    readonly images: ImageSource;
    readonly storageClasses: StorageClasses;
    readonly gpuPools: readonly GpuPool[];
    readonly protect: boolean;
    /** What teams' objects are served by: it goes after them. */
    readonly operators: readonly pulumi.Resource[];
    readonly provider: k8s.Provider;
    /** URL of the API server, where a kubeconfig tells it. */
    readonly apiServer?: string;
    readonly opts: pulumi.ComponentResourceOptions;
}

/** What users need of the services. */
export interface ServicesOutputs {
    /** URL of Argo's server inside the cluster. */
    readonly argoServer?: pulumi.Output<string>;
    readonly modelRegistry?: ModelRegistry;
    /** Teams by name. */
    readonly teams: { [team: string]: Tenant };
    /** URLs behind the gateway, by app. */
    readonly urls?: { [app: string]: string };
    /** CA of the gateway's certificate in PEM, where no browser knows it by itself. */
    readonly gatewayCa?: pulumi.Output<string>;
    /** Passwords of the local identity provider's accounts; a secret. */
    readonly accounts?: pulumi.Output<{ [name: string]: string }>;
}

/* eslint-disable @typescript-eslint/no-require-imports */
/** Loaded where they are on alone: every other program would transpile forty files for nothing. */
const load = {
    entrance: () => require("./platform-gateway") as typeof import("./platform-gateway"),
    queueing: () => require("./platform-queueing") as typeof import("./platform-queueing"),
    notebooks: () => require("./platform-notebooks") as typeof import("./platform-notebooks"),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** Builds stores, pipelines, model registry and teams: those that the specification holds, in the order of their needs. */
export function buildServices(spec: ServicesSpec, cloud: CloudStores, footing: ServicesFooting): ServicesOutputs {
    const { data, pipelines, modelRegistry, teams } = spec;
    if (data === undefined) return { teams: {} };
    const { images, opts, protect, gpuPools } = footing;
    const { store, server } = storesOf(data, cloud, footing);
    const entrance = spec.entrance && load.entrance().buildEntrance(spec.entrance, footing);

    const argo =
        pipelines &&
        new Pipelines(
            "pipelines",
            {
                images,
                store,
                database: server,
                replicas: pipelines.replicas,
                restrictTemplates: pipelines.restrictTemplates,
                archiveDays: pipelines.archiveDays,
                protectCrds: protect,
                ...(pipelines.oidc && {
                    signOn: {
                        ...pipelines.oidc,
                        clientSecret: stackSecret("argoClientSecret", `${ROOT}.pipelines.oidc`),
                    },
                }),
            },
            opts,
        );
    const mlflow =
        modelRegistry &&
        new MlflowRegistry(
            "model-registry",
            {
                images,
                store,
                server,
                replicas: modelRegistry.replicas,
                hosts: [...modelRegistry.hosts, ...(entrance?.hostsOf("mlflow") ?? [])],
                ...(entrance && { callerNamespaces: entrance.callerNamespaces }),
            },
            opts,
        );
    const placeOf = spec.queueing && load.queueing().buildQueueing(spec.queueing, footing);
    const tenants = teams.map(({ name, members, groups, quota, admins = [], adminGroups = [], protect: kept }) => {
        const given = {
            name,
            members: { users: [...members], groups: [...groups] },
            images,
            store,
            ...(quota && { quota: quotaOf(quota, gpuPools) }),
            ...(mlflow && { registry: mlflow.registry }),
            ...(argo && { argoServer: ARGO_SERVER }),
            admins: { users: [...admins], groups: [...adminGroups] },
            ...(entrance && { gateway: entrance.gateway }),
            ...(kept !== undefined && { protect: kept }),
        };
        const place = placeOf?.(given);
        const args = { ...given, ...(place && { clusterQueue: place.clusterQueue, quota: place.quota }) };
        // Controllers must outlive what waits for them to take its finalizers away, and a queue those that are in it.
        const dependsOn = [...footing.operators, ...(argo ? [argo] : []), ...(place ? [place.resource] : [])];
        return [name, new Team(`team-${name}`, args, { ...opts, dependsOn }).tenant] as const;
    });
    const built = Object.fromEntries(tenants);
    const hub =
        spec.notebooks &&
        entrance &&
        load.notebooks().buildNotebooks(spec.notebooks, { ...footing, server, entrance, teams, tenants: built, argo });
    return {
        ...(argo && { argoServer: argo.serverUrl }),
        ...(mlflow && { modelRegistry: mlflow.registry }),
        teams: built,
        ...(entrance && outputsOf(entrance, { ...routesTo(entrance, argo, mlflow), ...(hub && { hub }) })),
    };
}

/** The ways to the pages of the services that there are. */
function routesTo(
    entrance: Entrance,
    argo: Pipelines | undefined,
    mlflow: MlflowRegistry | undefined,
): { [app: string]: string } {
    return {
        ...(argo && { argo: entrance.route("argo", backendOf(argo), argo) }),
        ...(mlflow && {
            mlflow: entrance.route(
                "mlflow",
                { namespace: REGISTRY_NAMESPACE, serviceName: "mlflow", port: REGISTRY_PORT },
                mlflow,
            ),
        }),
    };
}

function backendOf({ namespace, caCertificates }: Pipelines): RouteBackend {
    return { namespace, serviceName: "argo-server", port: 2746, caCertificates };
}

function outputsOf({ gateway, accounts }: Entrance, urls: { [app: string]: string }) {
    const { caCertificates } = gateway;
    return {
        urls,
        ...(caCertificates !== undefined && { gatewayCa: pulumi.output(caCertificates) }),
        ...(accounts && { accounts }),
    };
}

function storesOf(
    data: DataSpec,
    { store, server }: CloudStores,
    { images, storageClasses, provider, opts }: ServicesFooting,
): Required<CloudStores> {
    if (store !== undefined && server !== undefined) return { store, server };
    const namespace = server?.namespace ?? dataNamespace(data, provider);
    const volume = (size: string) => ({
        size,
        retain: data.retain,
        ...(storageClasses.block !== undefined && { storageClass: storageClasses.block }),
    });
    const { objectStore, database, backup } = data;
    const objects =
        store ?? new SeaweedFs("seaweedfs", { namespace, images, volume: volume(objectStore.volumeSize) }, opts).store;
    if (server !== undefined) return { store: objects, server };
    const made = new Postgres("postgres", { namespace, images, volume: volume(database.volumeSize) }, opts).server;
    new PostgresBackup("postgres-backup", { images, store: objects, server: made, ...backup }, opts);
    return { store: objects, server: made };
}

/** Claims go with their namespace: where volumes are kept, it is. */
function dataNamespace({ retain, adopt }: DataSpec, provider: k8s.Provider): pulumi.Output<string> {
    const metadata = { name: DATA_NAMESPACE, labels: podSecurityLabels("restricted") };
    const adoption = { import: DATA_NAMESPACE, ignoreChanges: ["metadata", "spec"] };
    const opts = { provider, retainOnDelete: retain, ...(adopt && adoption) };
    return new k8s.core.v1.Namespace(DATA_NAMESPACE, { metadata }, opts).metadata.name;
}

/** Address of Argo's server, as clients in the cluster want it. */
const ARGO_SERVER = "argo-server.mlp-pipelines.svc:2746";

/** The stack file gives one number of GPUs; a quota is by resource. */
function quotaOf({ gpus, ...quota }: NonNullable<TeamSpec["quota"]>, pools: readonly GpuPool[]): TeamQuota {
    if (gpus === undefined) return { ...quota };
    return { ...quota, gpus: Object.fromEntries(pools.map(({ resource }) => [resource, gpus])) };
}

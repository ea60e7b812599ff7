import { ObjectStoreKind } from "../components/contracts";
import { Problem } from "../components/problems";
import { ClusterConfig, PlatformConfig } from "./config";
import { DatabaseKind } from "./config-services";
import { ENVIRONMENTS } from "./environments";
import { entranceOf, entranceProblems, groupsOf, imagesOfEntrance } from "./resolve-gateway";
import type { ClusterSource } from "./resolve-layers";
import { NOTEBOOK_IMAGES, notebooksOf } from "./resolve-notebooks";
import {
    DataSpec,
    Environment,
    ModelRegistrySpec,
    PipelinesSpec,
    QueueingSpec,
    ROOT,
    ServicesSpec,
    TeamSpec,
} from "./spec";

/** What stands on the training layer's side: stores, pipelines, registry, teams. Pure. */
export function servicesOf(config: PlatformConfig, source: ClusterSource, queueing?: QueueingSpec): ServicesSpec {
    const { environment, pipelines, modelRegistry } = config;
    const entrance = entranceOf(config, source);
    const notebooks = notebooksOf(config);
    const parts = {
        ...(pipelines.enabled && { pipelines: pipelinesOf(environment, pipelines) }),
        ...(modelRegistry.enabled && { modelRegistry: modelRegistryOf(environment, modelRegistry) }),
        ...(queueing && { queueing }),
        ...(entrance && { entrance }),
        ...(notebooks && { notebooks }),
        teams: config.teams.map((team) => teamOf(team, entrance)),
        ...(config.removedTeams && { removedTeams: config.removedTeams }),
    };
    // Stores are there for those who use them.
    const used = pipelines.enabled || modelRegistry.enabled || config.teams.length > 0;
    return used || config.layer === "cluster" ? { ...parts, data: dataOf(source) } : parts;
}

/** What is wrong with them. Pure. */
export function servicesProblems(config: PlatformConfig, source: ClusterSource): Problem[] {
    return [
        ...dataProblems(source),
        ...teamProblems(config.teams),
        ...removedTeamProblems(config),
        ...entranceProblems(config, source),
    ];
}

/** The images that they run. Pure. */
export function imagesOfServices(services: ServicesSpec): string[] {
    const { data, pipelines, modelRegistry, queueing, entrance, notebooks, teams } = services;
    return [
        ...(data?.objectStore.kind === ObjectStoreKind.SeaweedFs ? ["seaweedfs"] : []),
        // Its client makes the databases of RDS too.
        ...(data === undefined ? [] : ["postgres"]),
        ...(pipelines === undefined ? [] : ["argo-executor", "argo-server", "argo-workflow-controller"]),
        ...(modelRegistry === undefined ? [] : ["mlflow"]),
        ...(queueing === undefined ? [] : ["kueue"]),
        ...imagesOfEntrance(entrance),
        ...(notebooks === undefined ? [] : NOTEBOOK_IMAGES),
        ...(teams.length === 0 ? [] : ["pipeline-steps"]),
    ];
}

function dataOf({ config: { data, environment }, cluster }: ClusterSource): DataSpec {
    const { objectStore, database, backup } = data;
    const { protect, databaseClass } = ENVIRONMENTS[environment];
    const account = cluster.kind === "eks" ? `-${cluster.account}` : "";
    return {
        objectStore: {
            kind: objectStore.kind ?? (onAws(cluster) ? ObjectStoreKind.S3 : ObjectStoreKind.SeaweedFs),
            volumeSize: objectStore.volumeSize,
            bucketPrefix: objectStore.bucketPrefix ?? `mlp-${environment}${account}`,
        },
        database: {
            kind: database.kind ?? (onAws(cluster) ? DatabaseKind.Rds : DatabaseKind.Postgres),
            volumeSize: database.volumeSize,
            instanceClass: database.instanceClass ?? databaseClass,
            multiAz: protect,
        },
        backup,
        retain: data.retain ?? protect,
        adopt: data.adopt,
    };
}

function pipelinesOf(environment: Environment, given: PlatformConfig["pipelines"]): PipelinesSpec {
    const { replicas, restrictTemplates, archiveDays, oidc } = given;
    return {
        replicas: replicas ?? ENVIRONMENTS[environment].replicas,
        restrictTemplates: restrictTemplates ?? environment !== "local",
        archiveDays,
        ...(oidc && { oidc }),
    };
}

function modelRegistryOf(environment: Environment, given: PlatformConfig["modelRegistry"]): ModelRegistrySpec {
    return { replicas: given.replicas ?? ENVIRONMENTS[environment].replicas, hosts: given.hosts };
}

function teamOf(team: PlatformConfig["teams"][number], entrance: ServicesSpec["entrance"]): TeamSpec {
    const { name, members, quota, admins, adminGroups, protect } = team;
    return {
        name,
        members,
        groups: [...groupsOf(team, entrance)],
        ...(quota && { quota }),
        ...(admins && { admins }),
        ...(adminGroups && { adminGroups }),
        ...(protect !== undefined && { protect }),
    };
}

function dataProblems({ config: { data }, cluster, root }: ClusterSource): Problem[] {
    if (onAws(cluster)) return [];
    const kinds = [
        ["objectStore", data.objectStore.kind, ObjectStoreKind.S3, ObjectStoreKind.SeaweedFs],
        ["database", data.database.kind, DatabaseKind.Rds, DatabaseKind.Postgres],
    ] as const;
    return kinds
        .filter(([, found, ofAws]) => found === ofAws)
        .map(([key, found, , inCluster]) => ({
            path: `${root}.data.${key}.kind`,
            found,
            allowed: `${inCluster} with a cluster of kind ${cluster.kind}`,
            fix: "Leave it out, or take a cluster of kind eks.",
        }));
}

function teamProblems(teams: PlatformConfig["teams"]): Problem[] {
    return teams.flatMap(({ name }, index) =>
        teams.findIndex((other) => other.name === name) === index
            ? []
            : [
                  {
                      path: `${ROOT}.teams[${index}].name`,
                      found: name,
                      allowed: "a name that no other team has",
                      fix: "Rename one of the two teams.",
                  },
              ],
    );
}

function removedTeamProblems({ teams, removedTeams = [] }: PlatformConfig): Problem[] {
    return removedTeams.flatMap((found, index) =>
        teams.some(({ name }) => name === found)
            ? [
                  {
                      path: `${ROOT}.removedTeams[${index}]`,
                      found,
                      allowed: "a team that is in teams no more",
                      fix: "Take it out of one of the two.",
                  },
              ]
            : [],
    );
}

function onAws({ kind }: ClusterConfig): boolean {
    return kind === "eks";
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { DatabaseAccess, ObjectStore, TEAM_LABEL } from "../contracts";
import { databaseCa, objectEnvironment, ObjectStoreAccess } from "../data";
import { ControllerArgs } from "../kubernetes/controller";
import { OneTimeJobArgs } from "../kubernetes/one-time-job";
import { REGISTRY_PORT, RegistrySpec } from "./resolve";

type EnvVar = k8s.types.input.core.v1.EnvVar;

/** Seconds for which an answer of the API server counts: a right that is taken away ends no later. */
const ACCESS_REVIEW_SECONDS = 60;
/** Processes of a pod: pods are what is scaled. */
const WORKERS = 2;

/** Brings the schema to what the image wants, one Job at a time. */
export function migrationOf(
    { image }: RegistrySpec,
    database: DatabaseAccess,
): Omit<OneTimeJobArgs, "namespace" | "egress"> {
    return {
        image,
        command: ["python", "-m", "mlp_registry.migrate"],
        component: "migration",
        environment: [databaseUri(database), { name: "HOME", value: "/tmp" }],
        volumes: [databaseCa(database)],
        scratch: ["/tmp"],
        podAnnotations: { "mlp.dev/database": database.checksum },
        // It waits for the database by itself; a refusal is not mended by trying.
        retries: 1,
        memory: { request: "256Mi", limit: "768Mi" },
    };
}

/** The server: who asks is known by the token of the request, and the API server says what they may do. */
export function serverOf(
    { image, replicas, allowedHosts, allowedOrigins }: RegistrySpec,
    database: DatabaseAccess,
    store: ObjectStore,
    objects: ObjectStoreAccess,
): Omit<ControllerArgs, "namespace" | "callers" | "egress"> {
    return {
        image,
        replicas,
        component: "server",
        command: ["mlflow", "server"],
        args: [
            "--host=0.0.0.0",
            `--port=${REGISTRY_PORT}`,
            `--workers=${WORKERS}`,
            pulumi.interpolate`--default-artifact-root=s3://${store.artifactsBucket}`,
            "--no-serve-artifacts",
            "--enable-workspaces",
            `--workspace-store-uri=team-namespaces://?label_selector=${TEAM_LABEL}`,
            "--app-name=kubernetes-auth",
            `--allowed-hosts=${allowedHosts.join(",")}`,
            ...(allowedOrigins.length > 0 ? [`--cors-allowed-origins=${allowedOrigins.join(",")}`] : []),
        ],
        environment: [databaseUri(database), ...SETTINGS, ...objectEnvironment(objects.access)],
        volumes: [databaseCa(database)],
        scratch: ["/tmp"],
        podAnnotations: { "mlp.dev/database": database.checksum, "mlp.dev/object-access": objects.checksum },
        ports: [{ name: "http", port: REGISTRY_PORT, servicePort: REGISTRY_PORT }],
        health: { port: "http", live: "/health", ready: "/health" },
        // Workspaces are namespaces; callers' rights it asks for with their own tokens.
        clusterRules: [{ apiGroups: [""], resources: ["namespaces"], verbs: ["list", "watch"] }],
        cpu: "100m",
        memory: { request: "640Mi", limit: "1536Mi" },
    };
}

const SETTINGS: readonly EnvVar[] = [
    { name: "HOME", value: "/tmp" },
    { name: "MLFLOW_DISABLE_TELEMETRY", value: "true" },
    // At most 8 connections of each of its two stores in each process: a server of Postgres has 100 for everybody.
    { name: "MLFLOW_SQLALCHEMYSTORE_POOL_SIZE", value: "4" },
    { name: "MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW", value: "4" },
    // Its background jobs judge answers of language models: processes that nobody here uses.
    { name: "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", value: "false" },
    { name: "MLFLOW_K8S_AUTH_CACHE_TTL_SECONDS", value: `${ACCESS_REVIEW_SECONDS}` },
];

function databaseUri({ secretName }: DatabaseAccess): EnvVar {
    return { name: "MLFLOW_BACKEND_STORE_URI", valueFrom: { secretKeyRef: { name: secretName, key: "uri" } } };
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { ServerCertificate } from "../certificates";
import { DatabaseAccess, DatabaseServer, ObjectStore } from "../contracts";
import { databaseCa } from "../data";
import { Controller } from "../kubernetes/controller";
import { databaseEgress, inNamespace, tcp } from "../kubernetes/network";
import type { PipelinesSpec } from "./resolve";
import {
    controllerClusterRules,
    controllerNamespaceRules,
    serverClusterRules,
    serverNamespaceRules,
    signOnClusterRules,
} from "./rights";

export const CONTROLLER = "workflow-controller";
export const SERVER = "argo-server";
export const SERVER_PORT = 2746;

type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** What controller and server share. */
export interface Workload {
    readonly namespace: pulumi.Output<string>;
    readonly spec: PipelinesSpec;
    /** ConfigMap with Argo's configuration. */
    readonly configuration: pulumi.Output<string>;
    readonly database: DatabaseAccess;
    readonly databaseServer: DatabaseServer;
}

/** The controller: one works, a second one stands by. */
export function workflowController(workload: Workload, opts: pulumi.ComponentResourceOptions): Controller {
    const { namespace, spec, configuration, database, databaseServer } = workload;
    const stands = spec.replicas > 1;
    return new Controller(
        CONTROLLER,
        {
            namespace,
            image: spec.images.controller,
            args: [
                "--configmap",
                configuration,
                "--executor-image",
                spec.images.executor,
                "--executor-image-pull-policy",
                "IfNotPresent",
                "--qps=100",
                "--burst=200",
                "--log-format=json",
            ],
            environment: [
                stands
                    ? { name: "LEADER_ELECTION_IDENTITY", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }
                    : { name: "LEADER_ELECTION_DISABLE", value: "true" },
                // At Argo's own 10 s every step takes 10 s.
                { name: "DEFAULT_REQUEUE_TIME", value: "1s" },
                { name: "CACHE_GC_PERIOD", value: "1h" },
                { name: "CACHE_GC_AFTER_NOT_HIT_DURATION", value: "720h" },
                { name: "PGSSLROOTCERT", value: database.caPath },
            ],
            replicas: spec.replicas,
            single: !stands,
            ports: [
                { name: "metrics", port: 9090, servicePort: 9090 },
                { name: "health", port: 6060 },
            ],
            health: { port: "health", live: "/healthz", ready: "/healthz" },
            clusterRules: controllerClusterRules,
            namespaceRules: controllerNamespaceRules([database.secretName]),
            volumes: [databaseCa(database)],
            podAnnotations: { "mlp.dev/database": pulumi.output(database.checksum) },
            egress: [databaseEgress(databaseServer)],
            memory: { request: "128Mi", limit: "1Gi" },
        },
        opts,
    );
}

/** The server: API and web UI over TLS. */
export function argoServer(
    workload: Workload,
    certificate: ServerCertificate,
    store: ObjectStore,
    signOnSecret: pulumi.Output<string> | undefined,
    opts: pulumi.ComponentResourceOptions,
): Controller {
    const { namespace, spec, configuration, database, databaseServer } = workload;
    const secrets = [database.secretName, certificate.secretName, ...(signOnSecret ? [signOnSecret] : [])];
    const signsOn = signOnSecret !== undefined;
    return new Controller(
        SERVER,
        {
            namespace,
            image: spec.images.server,
            component: "server",
            args: [
                "server",
                "--configmap",
                configuration,
                "--auth-mode=client",
                ...(signsOn ? ["--auth-mode=sso"] : []),
                "--tls-certificate-secret-name",
                certificate.secretName,
                "--kube-api-qps=50",
                "--kube-api-burst=100",
                "--log-format=json",
            ],
            environment: [
                { name: "PGSSLROOTCERT", value: database.caPath },
                // A member of a team is served by the team's own account.
                ...(signsOn ? [{ name: "SSO_DELEGATE_RBAC_TO_NAMESPACE", value: "true" }] : []),
            ],
            replicas: spec.replicas,
            ports: [{ name: "web", port: SERVER_PORT, servicePort: SERVER_PORT }],
            health: { port: "web", live: "/", ready: "/", scheme: "HTTPS" },
            clusterRules: signsOn ? [...serverClusterRules, ...signOnClusterRules] : serverClusterRules,
            namespaceRules: serverNamespaceRules(secrets, configuration, signsOn),
            volumes: [databaseCa(database)],
            scratch: ["/tmp"],
            // Both are read at the start only.
            podAnnotations: {
                "mlp.dev/database": pulumi.output(database.checksum),
                "mlp.dev/certificate": certificate.checksum,
            },
            egress: [databaseEgress(databaseServer), ...toStore(store)],
            memory: { request: "128Mi", limit: "512Mi" },
        },
        opts,
    );
}

/** AWS's own is reached on 443, like the API server. */
function toStore({ endpoint, administration }: ObjectStore): Egress[] {
    if (endpoint === undefined) return [];
    const port = pulumi.output(endpoint).apply(portOf);
    return [{ ports: [tcp(port)], ...(administration && { to: [inNamespace(administration.namespace)] }) }];
}

function portOf(endpoint: string): number {
    const { port, protocol } = new URL(endpoint);
    return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

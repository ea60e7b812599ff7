import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Tenant } from "../contracts";
import type { MountedVolume } from "./manifest";

const CONFIG_MAP = "mlp-environment";
const OBJECT_STORE_SECRET = "object-store";
/** Those that are not everywhere: an address of AWS's own store, a registry that is not installed. */
const FROM_CONFIG_MAP = [
    "AWS_REGION",
    "AWS_ENDPOINT_URL_S3",
    "MLP_ARTIFACTS_BUCKET",
    "MLP_OBJECT_PREFIX",
    "MLFLOW_TRACKING_URI",
    "MLFLOW_TRACKING_AUTH",
    "MLFLOW_WORKSPACE",
];
const FROM_SECRET = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

/** What clients of the platform's services read, one by one: a TrainJob knows no `envFrom`. */
export function environmentFrom(): k8s.types.input.core.v1.EnvVar[] {
    const optional = true;
    return [
        ...FROM_CONFIG_MAP.map((key) => ({
            name: key,
            valueFrom: { configMapKeyRef: { name: CONFIG_MAP, key, optional } },
        })),
        ...FROM_SECRET.map((key) => ({
            name: key,
            valueFrom: { secretKeyRef: { name: OBJECT_STORE_SECRET, key, optional } },
        })),
    ];
}

/**
 * The account of a team's jobs. Its token is a volume of the job's own: runtimes mount none, as jobs without a tenant
 * have no use for one.
 */
export function accountOf({ pipelineServiceAccount }: Tenant): { name: pulumi.Input<string>; token: MountedVolume } {
    const sources = [
        { serviceAccountToken: { path: "token", expirationSeconds: 3607 } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        {
            downwardAPI: {
                items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
            },
        },
    ];
    return {
        name: pipelineServiceAccount,
        token: {
            name: "account",
            mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
            readOnly: true,
            source: { projected: { sources } },
        },
    };
}

import { setTimeout as sleep } from "node:timers/promises";

import { references } from "../../images/catalogue";
import { LocalPlatform } from "../support/local-platform";

/** Seconds that the same calls take, one value a run. */
export interface RegistryWays {
    /** MLflow as the platform runs it: tokens, access reviews, workspaces, Postgres over TLS. */
    readonly platform: number[];
    /** `mlflow server` of the same image with nothing but a file of sqlite, beside its client. */
    readonly bare: number[];
}

const POD = "registry-bench";
const MINUTES = 10;

/** Logs `calls` metrics, one call each, to the platform's registry and to a bare server in turn. */
export async function compareRegistries(
    platform: LocalPlatform,
    { namespace, calls, runs }: { readonly namespace: string; readonly calls: number; readonly runs: number },
): Promise<RegistryWays> {
    const kubectl = (args: readonly string[], input?: string) => {
        const { code, stdout, output } = platform.kubectl(["--namespace", namespace, ...args], input);
        if (code !== 0) throw new Error(`kubectl ${args.join(" ")} failed:\n${output}`);
        return stdout;
    };
    kubectl(["create", "--filename", "-"], JSON.stringify(podOf(calls, runs)));
    try {
        return await resultOf(() => kubectl(["logs", POD, "--container", "client"]), kubectl);
    } finally {
        kubectl(["delete", "pod", POD, "--wait=true", "--grace-period=1"]);
    }
}

async function resultOf(logs: () => string, kubectl: (args: readonly string[]) => string): Promise<RegistryWays> {
    const ended = ["get", "pod", POD, "--output", "jsonpath={.status.containerStatuses[?(@.name=='client')].state}"];
    for (const until = Date.now() + MINUTES * 60_000; Date.now() < until; await sleep(2_000)) {
        if (!kubectl(ended).includes("terminated")) continue;
        const line = logs().trim().split("\n").at(-1) ?? "";
        try {
            return JSON.parse(line) as RegistryWays;
        } catch {
            throw new Error(`The client of the registries failed:\n${logs()}`);
        }
    }
    throw new Error(`The client of the registries took more than ${MINUTES} minutes`);
}

/** Client and bare server in one pod: both ways cost the client the same. */
function podOf(calls: number, runs: number): object {
    const security = {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
    };
    const container = {
        image: references().mlflow,
        securityContext: security,
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
        resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } },
    };
    const home = { name: "HOME", value: "/tmp" };
    const quiet = { name: "MLFLOW_DISABLE_TELEMETRY", value: "true" };
    return {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: POD },
        spec: {
            serviceAccountName: "member",
            automountServiceAccountToken: true,
            restartPolicy: "Never",
            securityContext: {
                runAsNonRoot: true,
                runAsUser: 65532,
                runAsGroup: 65532,
                fsGroup: 65532,
                seccompProfile: { type: "RuntimeDefault" },
            },
            volumes: [{ name: "tmp", emptyDir: {} }],
            containers: [
                {
                    ...container,
                    name: "bare",
                    command: ["mlflow", "server", "--host=127.0.0.1", "--port=5001", "--workers=2"],
                    args: ["--backend-store-uri=sqlite:////tmp/bare.db", "--default-artifact-root=/tmp/artifacts"],
                    env: [home, quiet, { name: "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", value: "false" }],
                },
                {
                    ...container,
                    name: "client",
                    command: ["python", "-c", CLIENT, String(calls), String(runs)],
                    envFrom: [{ configMapRef: { name: "mlp-environment" } }],
                    env: [home, quiet],
                },
            ],
        },
    };
}

/** The environment's variables say where the platform's registry is; a bare server wants no token. */
const CLIENT = `
import json, os, sys, time, urllib.request
import mlflow
from mlflow import MlflowClient

calls, runs = int(sys.argv[1]), int(sys.argv[2])
BARE = "http://127.0.0.1:5001"
auth, workspace = os.environ["MLFLOW_TRACKING_AUTH"], os.environ["MLFLOW_WORKSPACE"]

for _ in range(240):
    try:
        urllib.request.urlopen(BARE + "/health", timeout=2)
        break
    except OSError:
        time.sleep(0.5)

def seconds(uri):
    client = MlflowClient(uri)
    experiment = client.get_experiment_by_name("bench")
    id = experiment.experiment_id if experiment else client.create_experiment("bench")
    run = client.create_run(id).info.run_id
    client.log_metric(run, "first", 0)
    began = time.perf_counter()
    for step in range(calls):
        client.log_metric(run, "loss", 1 / (step + 1), step=step)
    took = time.perf_counter() - began
    client.delete_run(run)
    return took

def platform():
    os.environ.update(MLFLOW_TRACKING_AUTH=auth, MLFLOW_WORKSPACE=workspace)
    mlflow.set_workspace(workspace)
    return seconds(os.environ["MLFLOW_TRACKING_URI"])

def bare():
    os.environ.pop("MLFLOW_TRACKING_AUTH")
    mlflow.set_workspace(None)
    return seconds(BARE)

values = {"platform": [], "bare": []}
for _ in range(runs):
    values["platform"].append(platform())
    values["bare"].append(bare())
print(json.dumps(values))
`;

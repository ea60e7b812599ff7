import { setTimeout as sleep } from "node:timers/promises";

import { containerSecurity, podSecurity } from "../../components/kubernetes/hardening";
import { references } from "../../images/catalogue";
import { LocalPlatform } from "../support/local-platform";

/** Calls per second of some clients at a time, one value a run. */
export interface RegistryWays {
    readonly clients: number;
    /** MLflow as the platform runs it: tokens, access reviews, workspaces, Postgres over TLS, and a network between. */
    readonly platform: number[];
    /** `mlflow server` of the same image with a Postgres of its own, all beside its client. */
    readonly bare: number[];
}

const POD = "registry-bench";
const MINUTES = 10;

interface Wanted {
    /** A team's. */
    readonly namespace: string;
    /** Of each client. */
    readonly calls: number;
    /** How many at a time: one comparison each. */
    readonly clients: readonly number[];
    readonly runs: number;
}

/** Logs metrics, one a call, to the platform's registry and to a bare server in turn. */
export async function compareRegistries(
    platform: LocalPlatform,
    { namespace, ...wanted }: Wanted,
): Promise<RegistryWays[]> {
    const kubectl = (args: readonly string[], input?: string) => {
        const { code, stdout, output } = platform.kubectl(["--namespace", namespace, ...args], input);
        if (code !== 0) throw new Error(`kubectl ${args.join(" ")} failed:\n${output}`);
        return stdout;
    };
    kubectl(["create", "--filename", "-"], JSON.stringify(podOf(wanted)));
    try {
        return await resultOf(() => kubectl(["logs", POD, "--container", "client"]), kubectl);
    } finally {
        kubectl(["delete", "pod", POD, "--wait=true", "--grace-period=1"]);
    }
}

async function resultOf(logs: () => string, kubectl: (args: readonly string[]) => string): Promise<RegistryWays[]> {
    const ended = ["get", "pod", POD, "--output", "jsonpath={.status.containerStatuses[?(@.name=='client')].state}"];
    for (const until = Date.now() + MINUTES * 60_000; Date.now() < until; await sleep(2_000)) {
        if (!kubectl(ended).includes("terminated")) continue;
        const line = logs().trim().split("\n").at(-1) ?? "";
        try {
            return JSON.parse(line) as RegistryWays[];
        } catch {
            throw new Error(`The client of the registries failed:\n${logs()}`);
        }
    }
    throw new Error(`The client of the registries took more than ${MINUTES} minutes`);
}

/** Client and bare server in one pod: each way costs the client the same, and the bare one no network. */
function podOf({ calls, clients, runs }: Omit<Wanted, "namespace">): object {
    const images = references();
    const container = {
        securityContext: containerSecurity(),
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
        resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "1536Mi" } },
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
            securityContext: podSecurity(),
            volumes: [{ name: "tmp", emptyDir: {} }],
            initContainers: [
                {
                    ...container,
                    name: "postgres",
                    image: images.postgres,
                    restartPolicy: "Always",
                    command: ["sh", "-c", DATABASE],
                    startupProbe: {
                        exec: { command: ["pg_isready", "--host=127.0.0.1"] },
                        periodSeconds: 1,
                        failureThreshold: 120,
                    },
                },
                {
                    ...container,
                    name: "bare",
                    image: images.mlflow,
                    restartPolicy: "Always",
                    // As many processes as the platform's; it, too, starts no jobs that judge language models' answers.
                    command: ["mlflow", "server", "--host=127.0.0.1", "--port=5001", "--workers=2"],
                    args: [
                        "--backend-store-uri=postgresql+psycopg://postgres@127.0.0.1/postgres",
                        "--default-artifact-root=/tmp/artifacts",
                    ],
                    env: [home, quiet, { name: "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", value: "false" }],
                },
            ],
            containers: [
                {
                    ...container,
                    name: "client",
                    image: images.mlflow,
                    command: ["python", "-c", CLIENT, JSON.stringify({ calls, clients, runs })],
                    envFrom: [{ configMapRef: { name: "mlp-environment" } }],
                    env: [home, quiet],
                },
            ],
        },
    };
}

const DATABASE = `
set -e
initdb --pgdata=/tmp/postgres --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 > /dev/null
exec postgres -D /tmp/postgres -c listen_addresses=127.0.0.1 -c unix_socket_directories=/tmp
`;

/** The environment's variables say where the platform's registry is; a bare server wants no token. */
const CLIENT = `
import json, os, sys, time, urllib.request
from concurrent.futures import ThreadPoolExecutor

import mlflow
from mlflow import MlflowClient

wanted = json.loads(sys.argv[1])
BARE = "http://127.0.0.1:5001"
auth, workspace = os.environ["MLFLOW_TRACKING_AUTH"], os.environ["MLFLOW_WORKSPACE"]

for _ in range(240):
    try:
        urllib.request.urlopen(BARE + "/health", timeout=2)
        break
    except OSError:
        time.sleep(0.5)

def calls_per_second(uri, clients):
    client = MlflowClient(uri)
    experiment = client.get_experiment_by_name("bench")
    id = experiment.experiment_id if experiment else client.create_experiment("bench")
    runs = [client.create_run(id).info.run_id for _ in range(clients)]

    def log(run, calls):
        for step in range(calls):
            client.log_metric(run, "loss", 1 / (step + 1), step=step)

    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(log, runs, [5] * clients))
        began = time.perf_counter()
        list(threads.map(log, runs, [wanted["calls"]] * clients))
        took = time.perf_counter() - began
    for run in runs:
        client.delete_run(run)
    return clients * wanted["calls"] / took

def platform(clients):
    os.environ.update(MLFLOW_TRACKING_AUTH=auth, MLFLOW_WORKSPACE=workspace)
    mlflow.set_workspace(workspace)
    return calls_per_second(os.environ["MLFLOW_TRACKING_URI"], clients)

def bare(clients):
    os.environ.pop("MLFLOW_TRACKING_AUTH")
    mlflow.set_workspace(None)
    return calls_per_second(BARE, clients)

ways = [{"clients": clients, "platform": [], "bare": []} for clients in wanted["clients"]]
for _ in range(wanted["runs"]):
    for way in ways:
        way["platform"].append(platform(way["clients"]))
        way["bare"].append(bare(way["clients"]))
print(json.dumps(ways))
`;

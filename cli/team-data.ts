import { Kubectl } from "./kubectl";

/** What a team's namespace and its part of the platform's services hold. */
export interface Held {
    readonly volumes: number;
    readonly workflows: number;
    readonly trainJobs: number;
    /** Below its prefix. */
    readonly objects: { readonly count: number; readonly more: boolean } | "unknown";
    readonly models: number | "unknown";
}

interface List<T> {
    readonly items: readonly T[];
}
interface TrainJob {
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}
interface Pod {
    readonly status?: { readonly phase?: string };
}

const NOTHING: Held = { volumes: 0, workflows: 0, trainJobs: 0, objects: { count: 0, more: false }, models: 0 };
const RUNNING_WORKFLOWS = "workflows.argoproj.io/completed!=true";
const PATIENCE_MS = 120_000;
const LOOK_MS = 1_000;

/** Asked by the team itself, in its namespace and with its own rights: on AWS as in the cluster. */
const COUNT = `
import json, os, urllib.request, boto3
prefix = os.environ["MLP_OBJECT_PREFIX"]
page = boto3.client("s3").list_objects_v2(Bucket=os.environ["MLP_ARTIFACTS_BUCKET"], Prefix=prefix)
models = 0
if "MLFLOW_TRACKING_URI" in os.environ:
    token = open("/var/run/secrets/kubernetes.io/serviceaccount/token").read()
    headers = {"Authorization": "Bearer " + token, "X-MLFLOW-WORKSPACE": os.environ["MLFLOW_WORKSPACE"]}
    url = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/registered-models/search?max_results=1000"
    models = len(json.load(urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60)).get("registered_models", []))
print(json.dumps({"objects": {"count": page["KeyCount"], "more": page["IsTruncated"]}, "models": models}))
`;

/** What a namespace holds; nothing where there is none. */
export async function lookInto(
    kubectl: Kubectl,
    namespace: string,
    images: Readonly<Record<string, string>>,
): Promise<Held> {
    if (kubectl.find("namespace", namespace) === undefined) return NOTHING;
    const inside = ["--namespace", namespace];
    const count = (...args: string[]) => kubectl.find<List<unknown>>(...args, ...inside)?.items.length ?? 0;
    const jobs = kubectl.find<List<TrainJob>>("trainjobs.trainer.kubeflow.org", ...inside)?.items ?? [];
    return {
        volumes: count("persistentvolumeclaims"),
        workflows: count("workflows.argoproj.io", `--selector=${RUNNING_WORKFLOWS}`),
        trainJobs: jobs.filter((job) => !hasEnded(job)).length,
        ...(await countOf(kubectl, namespace, images["pipeline-steps"])),
    };
}

function hasEnded({ status }: TrainJob): boolean {
    return (status?.conditions ?? []).some(
        ({ type, status: holds }) => ["Complete", "Failed"].includes(type) && holds === "True",
    );
}

type Counts = Pick<Held, "objects" | "models">;

/** What cannot be counted counts as something: nobody loses data to a service that was away. */
async function countOf(kubectl: Kubectl, namespace: string, image: string | undefined): Promise<Counts> {
    const unknown: Counts = { objects: "unknown", models: "unknown" };
    if (image === undefined) return unknown;
    const name = "count-what-is-held";
    const place = ["--namespace", namespace];
    const remove = () => kubectl.text("delete", "pod", name, ...place, "--ignore-not-found", "--wait=true");
    remove();
    try {
        kubectl.create(podOf(name, namespace, image));
        for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause()) {
            const phase = kubectl.find<Pod>("pod", name, ...place)?.status?.phase;
            if (phase === "Succeeded") return JSON.parse(kubectl.text("logs", name, ...place)) as Counts;
            if (phase === "Failed" || phase === undefined) return unknown;
        }
        return unknown;
    } finally {
        remove();
    }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, LOOK_MS));

function podOf(name: string, namespace: string, image: string): object {
    return {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, namespace },
        spec: {
            serviceAccountName: "pipeline",
            restartPolicy: "Never",
            containers: [
                {
                    name: "main",
                    image,
                    imagePullPolicy: "IfNotPresent",
                    command: ["python3", "-c", COUNT],
                    envFrom: [
                        { configMapRef: { name: "mlp-environment" } },
                        { secretRef: { name: "object-store", optional: true } },
                    ],
                    resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "256Mi" } },
                    securityContext: {
                        runAsNonRoot: true,
                        runAsUser: 65532,
                        allowPrivilegeEscalation: false,
                        readOnlyRootFilesystem: true,
                        capabilities: { drop: ["ALL"] },
                        seccompProfile: { type: "RuntimeDefault" },
                    },
                },
            ],
        },
    };
}

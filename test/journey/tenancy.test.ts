import { readFileSync } from "node:fs";
import { join } from "node:path";

import { repositoryRoot } from "../../toolchain/paths";
import { eventually, LocalPlatform } from "../support/local-platform";
import { runInTenant, SCRATCH, tenantContainer, tenantPod } from "../support/tenant-pod";

const OWN = "team-vision";
const OTHER = "team-language";
const REQUESTS = readFileSync(join(repositoryRoot, "test/support/tenant-requests.py"), "utf8");
const NOTE = "a note of the language team";

/** A step of the other team: it logs a run, registers a model, stores an object and hands out an artifact. */
const SECRETS = `
import json, os, sys, urllib.request, boto3
name = sys.argv[1]
token = open("/var/run/secrets/kubernetes.io/serviceaccount/token").read()
def call(path, body):
    headers = {"Authorization": "Bearer " + token, "X-MLFLOW-WORKSPACE": os.environ["MLFLOW_WORKSPACE"], "Content-Type": "application/json"}
    url = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/" + path
    return json.load(urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers), timeout=60))
experiment = call("experiments/create", {"name": name})["experiment_id"]
run = call("runs/create", {"experiment_id": experiment, "start_time": 0})["run"]["info"]
call("registered-models/create", {"name": name})
call("model-versions/create", {"name": name, "source": run["artifact_uri"] + "/model", "run_id": run["run_id"]})
key = os.environ["MLP_OBJECT_PREFIX"] + "tenancy/" + name
boto3.client("s3").put_object(Bucket=os.environ["MLP_ARTIFACTS_BUCKET"], Key=key, Body=b"x")
os.makedirs("/tmp/outputs")
open("/tmp/outputs/note", "w").write("${NOTE}")
json.dump({"experiment": experiment, "run": run["run_id"], "model": name, "key": key}, open("/tmp/outputs/made", "w"))
print("${NOTE}")
`;

interface Workflow {
    readonly metadata: {
        readonly name: string;
        readonly uid: string;
        readonly labels: Readonly<Record<string, string>>;
    };
    readonly status?: {
        readonly phase?: string;
        readonly nodes?: Readonly<
            Record<
                string,
                { id: string; message?: string; outputs?: { parameters?: { name: string; value: string }[] } }
            >
        >;
    };
}

/** What the other team has. */
interface Made {
    readonly workflow: string;
    readonly uid: string;
    readonly node: string;
    readonly experiment: string;
    readonly run: string;
    readonly model: string;
    readonly key: string;
}

type Answers = Readonly<Record<string, readonly [status: number, text: string]>>;

/** Everything of the other team that somebody could ask for, as that team itself is asked. */
function planOf(made: Made): Record<string, object> {
    const workspace = OTHER;
    const argo = (path: string) => ({ service: "argo", path });
    const mlflow = (path: string, body?: object) => ({
        service: "mlflow",
        path: `/api/2.0/mlflow/${path}`,
        workspace,
        ...(body && { body }),
    });
    const file = `/artifact-files/${OTHER}`;
    return {
        workflows: argo(`/api/v1/workflows/${OTHER}`),
        workflow: argo(`/api/v1/workflows/${OTHER}/${made.workflow}`),
        templates: argo(`/api/v1/workflow-templates/${OTHER}`),
        "archived workflows": argo(
            `/api/v1/archived-workflows?listOptions.fieldSelector=metadata.namespace=${OTHER}&namespace=${OTHER}`,
        ),
        "archived workflow": argo(`/api/v1/archived-workflows/${made.uid}?namespace=${OTHER}`),
        artifact: argo(`${file}/workflows/${made.workflow}/${made.node}/outputs/note`),
        "archived artifact": argo(`${file}/archived-workflows/${made.uid}/${made.node}/outputs/note`),
        log: argo(`${file}/workflows/${made.workflow}/${made.node}/outputs/main-logs`),
        run: mlflow(`runs/get?run_id=${made.run}`),
        model: mlflow(`registered-models/get?name=${made.model}`),
        version: mlflow(`model-versions/get?name=${made.model}&version=1`),
        "run's artifacts": mlflow(`artifacts/list?run_id=${made.run}`),
    };
}

/** Searches say nothing of what the caller may not see, rather than that it is there. */
function searchesOf(made: Made): Record<string, object> {
    const mlflow = { service: "mlflow", workspace: OTHER };
    return {
        "search of runs": {
            ...mlflow,
            path: "/api/2.0/mlflow/runs/search",
            body: { experiment_ids: [made.experiment] },
        },
        "search of models": { ...mlflow, path: "/api/2.0/mlflow/registered-models/search" },
    };
}

/** Requests signed with the caller's own key. */
function objectsOf({ key }: Made): Record<string, object> {
    return {
        object: { operation: "get_object", Key: key },
        objects: { operation: "list_objects_v2", Prefix: `${OTHER}/tenancy/` },
        "new object": { operation: "put_object", Key: `${OTHER}/tenancy/of-a-test`, Body: "x" },
        "deletion of an object": { operation: "delete_object", Key: `${OTHER}/tenancy/of-a-test` },
    };
}

/** Argo's server says 500 or 401 where it may not read the workflow of a file, which its log calls forbidden. */
const FILES = ["artifact", "archived artifact", "log"];
const SPECIAL = [...FILES, "search of runs", "search of models"];

describe("two teams on the local platform", () => {
    jest.setTimeout(180_000);
    let platform: LocalPlatform;
    let made: Made;
    beforeAll(async () => {
        platform = await LocalPlatform.find();
        made = await runOfOther();
    });
    afterAll(() => {
        if (made !== undefined) platform.kubectl(["delete", "workflow", made.workflow, "-n", OTHER, "--wait=false"]);
    });

    /** A finished and archived workflow of the other team. */
    const runOfOther = async (): Promise<Made> => {
        const outputs = {
            artifacts: [{ name: "note", path: "/tmp/outputs/note", archive: { none: {} } }],
            parameters: [{ name: "made", valueFrom: { path: "/tmp/outputs/made" } }],
        };
        const container = tenantContainer(["python3", "-c", SECRETS, "{{workflow.name}}"]);
        const workflow = {
            apiVersion: "argoproj.io/v1alpha1",
            kind: "Workflow",
            metadata: { generateName: "tenancy-", namespace: OTHER },
            spec: { entrypoint: "step", templates: [{ name: "step", container, outputs, volumes: SCRATCH }] },
        };
        const created = platform.kubectl(["create", "--filename=-", "--output=json"], JSON.stringify(workflow));
        if (created.code !== 0) throw new Error(created.output);
        const { name } = (JSON.parse(created.stdout) as Workflow).metadata;
        const { metadata, status } = await eventually(`workflow ${name} is archived`, () => {
            const now = platform.get<Workflow>("workflow", name, "-n", OTHER);
            const failed = ["Failed", "Error"].includes(now.status?.phase ?? "");
            if (failed) throw new Error(JSON.stringify(now.status?.nodes));
            const archived = now.metadata.labels?.["workflows.argoproj.io/workflow-archiving-status"] === "Archived";
            return archived ? now : undefined;
        });
        const [node] = Object.values(status?.nodes ?? {});
        const facts = node?.outputs?.parameters?.find((one) => one.name === "made")?.value ?? "{}";
        return {
            ...(JSON.parse(facts) as Pick<Made, "experiment" | "run" | "model" | "key">),
            workflow: name,
            uid: metadata.uid,
            node: node?.id ?? "",
        };
    };
    const askAs = (namespace: string, account: string, plan: object): Promise<Answers> =>
        runInTenant<Answers>(platform, { namespace, account }, REQUESTS, JSON.stringify(plan));
    const statuses = (answers: Answers) =>
        Object.fromEntries(Object.entries(answers).map(([name, [status]]) => [name, status]));
    const all = (plan: object, status: number) => Object.fromEntries(Object.keys(plan).map((name) => [name, status]));

    /** What the API server says of rights; asked of it directly, as kubectl refuses kinds that it does not know. */
    const may = (account: string, namespaces: readonly string[], right: object): boolean[] => {
        const items = namespaces.map((namespace) => ({
            apiVersion: "authorization.k8s.io/v1",
            kind: "SubjectAccessReview",
            spec: {
                user: `system:serviceaccount:${OWN}:${account}`,
                resourceAttributes: { namespace, ...right },
            },
        }));
        const { stdout } = platform.kubectl(
            ["create", "--filename=-", '--output=jsonpath={.status.allowed}{"\\n"}'],
            JSON.stringify({ apiVersion: "v1", kind: "List", items }),
        );
        return stdout
            .trim()
            .split("\n")
            .map((line) => line === "true");
    };

    const RIGHTS = [
        ["member", "create", "argoproj.io", "workflows"],
        ["member", "get", "mlflow.kubeflow.org", "registeredmodels"],
        ["member", "get", "", "pods"],
        ["pipeline", "create", "argoproj.io", "workflowtaskresults"],
        ["pipeline", "create", "trainer.kubeflow.org", "trainjobs"],
        ["pipeline", "create", "mlflow.kubeflow.org", "experiments"],
    ] as const;

    it.each(RIGHTS)("let %s %s %s/%s in its own namespace alone", (account, verb, group, resource) => {
        expect(may(account, [OWN, OTHER], { verb, group, resource })).toEqual([true, false]);
    });

    it("let accounts read no Secret but members their team's key of the object store", () => {
        const get = { verb: "get", group: "", resource: "secrets" };
        const places = [OWN, OTHER, "mlp-data"];
        for (const account of ["member", "pipeline"]) expect(may(account, places, get)).not.toContain(true);
        expect(may("member", [OWN, OTHER], { ...get, name: "object-store" })).toEqual([true, false]);
        expect(may("pipeline", [OWN, OTHER], { ...get, name: "object-store" })).toEqual([false, false]);
    });

    it("refuse a privileged pod with the level that it breaks", () => {
        const container = tenantContainer(["true"], { securityContext: { privileged: true } });
        const pod = tenantPod(OWN, "privileged", "member", container);
        const { code, output } = platform.kubectl(["create", "--filename=-"], JSON.stringify(pod));
        expect(code).not.toBe(0);
        expect(output).toContain('violates PodSecurity "restricted:latest"');
    });

    it("see all of their own, artifacts and logs through Argo's server included", async () => {
        const plan = { ...planOf(made), ...searchesOf(made), ...objectsOf(made) };
        const answers = await askAs(OTHER, "member", plan);
        expect(statuses(answers)).toEqual(all(plan, 200));
        for (const text of ["artifact", "archived artifact", "log"]) expect(answers[text]?.[1]).toContain(NOTE);
        expect(answers["search of runs"]?.[1]).toContain(made.run);
        expect(answers["search of models"]?.[1]).toContain(made.model);
        expect(answers["objects"]?.[1]).toContain(made.key);
    });

    it.each(["member", "pipeline"])("are strangers to one another: %s", async (account) => {
        const elsewhere = {
            "run, asked for at home": { service: "mlflow", path: `/api/2.0/mlflow/runs/get?run_id=${made.run}` },
            "model, asked for at home": {
                service: "mlflow",
                path: `/api/2.0/mlflow/registered-models/get?name=${made.model}`,
            },
        };
        const whole = {
            "whole bucket": { operation: "list_objects_v2" },
            "bucket of backups": { operation: "list_objects_v2", Bucket: "backups" },
        };
        const refused = { ...planOf(made), ...objectsOf(made), ...whole };
        const answers = await askAs(OWN, account, { ...refused, ...elsewhere, ...searchesOf(made) });
        const others = Object.entries(answers).filter(([name]) => !SPECIAL.includes(name));
        const expected = Object.entries({ ...all(refused, 403), ...all(elsewhere, 404) });
        expect(statuses(Object.fromEntries(others))).toEqual(
            Object.fromEntries(expected.filter(([name]) => !SPECIAL.includes(name))),
        );
        for (const name of FILES) {
            const [status = 0, text = ""] = answers[name] ?? [];
            expect([name, [401, 403, 500].includes(status), text.includes(NOTE)]).toEqual([name, true, false]);
        }
        for (const name of Object.keys(searchesOf(made))) {
            const [status = 0, text = ""] = answers[name] ?? [];
            expect([name, [200, 403].includes(status)]).toEqual([name, true]);
            expect(text).not.toMatch(new RegExp(`${made.run}|${made.model}`));
        }
    });

    it("give nothing to those who do not say who they are", async () => {
        const plan = Object.fromEntries(
            Object.entries({ ...planOf(made), ...searchesOf(made) }).map(([name, one]) => [
                name,
                { ...one, anonymous: true },
            ]),
        );
        const store = { "bucket of artifacts": { service: "store", path: "/artifacts/?list-type=2", anonymous: true } };
        const object = { "an object": { service: "store", path: `/artifacts/${made.key}`, anonymous: true } };
        const answers = await askAs(OWN, "member", { ...plan, ...store, ...object });
        expect(statuses(answers)).toEqual({ ...all(plan, 401), ...all(store, 403), ...all(object, 403) });
    });
});

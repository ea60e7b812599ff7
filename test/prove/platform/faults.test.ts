import { eventually, LocalPlatform } from "../../support/local-platform";
import { runInTenant, SCRATCH, tenantContainer } from "../../support/tenant-pod";

const NAMESPACE = "team-vision";
const MODEL = "faults";
const LINEAGE = ["dataset-sha256", "git-commit", "image-digest", "trainjob", "workflow", "workflow-uid"];
const ENDED = ["Succeeded", "Failed", "Error"];

/** What the registry holds of the model, as the team sees it. */
const VERSIONS = `
import json, os, urllib.parse
from mlp_steps.registry import Registry
query = urllib.parse.urlencode({"filter": "name = '${MODEL}'", "max_results": 1000})
found = Registry.of_environment()._ask("GET", "/api/2.0/mlflow/model-versions/search?" + query)
versions = found.get("model_versions", [])
print(json.dumps({one["version"]: {tag["key"]: tag["value"] for tag in one.get("tags", [])} for one in versions}))
`;

/** A version from before the fault, with a lineage of its own. */
const FORMER = `
from mlp_steps.registry import Registry
names = ${JSON.stringify(LINEAGE)}
tags = {"mlp.dev/" + name: "former" for name in names}
registry = Registry.of_environment()
registry._say = lambda text: None
registry.register("${MODEL}", "s3://artifacts/${NAMESPACE}/models/former", tags)
`;

interface RunNode {
    readonly displayName: string;
    readonly phase: string;
    readonly message?: string;
}

interface Workflow {
    readonly metadata: { readonly name: string; readonly uid: string };
    readonly status?: {
        readonly phase?: string;
        readonly message?: string;
        readonly nodes?: Readonly<Record<string, RunNode>>;
    };
}

interface Pods {
    readonly items: readonly {
        readonly metadata: { readonly name: string; readonly uid: string };
        readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
    }[];
}

/** Secret of the administrator of the database. */
const ADMINISTRATOR = "postgres-administrator";

type Versions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A service of the platform, and the step of the run during which it is killed. */
const SERVICES = [
    ["workflow controller", "mlp-pipelines", "workflow-controller"],
    ["model registry", "mlp-registry", "mlflow"],
    ["database", "mlp-data", "postgres"],
    ["object store", "mlp-data", "seaweedfs"],
] as const;

describe("a run while the platform fails", () => {
    jest.setTimeout(360_000);
    let platform: LocalPlatform;
    const created: string[] = [];
    beforeAll(async () => {
        platform = await LocalPlatform.find();
    });
    afterAll(() => {
        if (created.length > 0) platform.kubectl(["delete", "workflow", "-n", NAMESPACE, "--wait=false", ...created]);
    });

    const submit = (spec: object): string => {
        const workflow = {
            apiVersion: "argoproj.io/v1alpha1",
            kind: "Workflow",
            metadata: { generateName: "faults-", namespace: NAMESPACE },
            spec,
        };
        const { code, output, stdout } = platform.kubectl(
            ["create", "-f", "-", "-o", "json"],
            JSON.stringify(workflow),
        );
        if (code !== 0) throw new Error(output);
        const { name } = (JSON.parse(stdout) as Workflow).metadata;
        created.push(name);
        return name;
    };
    const look = (name: string) => platform.get<Workflow>("workflow", name, "-n", NAMESPACE);
    const node = (name: string, step: string) =>
        Object.values(look(name).status?.nodes ?? {}).find(({ displayName }) => displayName === step);
    const ended = (name: string, seconds = 180): Promise<Workflow> =>
        eventually(
            `workflow ${name} ends`,
            () => {
                const now = look(name);
                return ENDED.includes(now.status?.phase ?? "") ? now : undefined;
            },
            seconds,
        );
    const versions = () => runInTenant<Versions>(platform, { namespace: NAMESPACE }, VERSIONS);

    /** Ends a service's pods at once, as a node that is lost would. */
    const kill = (namespace: string, app: string): Pods => {
        const selector = `--selector=app.kubernetes.io/name=${app}`;
        const before = platform.get<Pods>("pods", "-n", namespace, selector, "--field-selector=status.phase=Running");
        expect(before.items.length).toBeGreaterThan(0);
        const names = before.items.map(({ metadata }) => metadata.name);
        platform.kubectl(["delete", "pod", "-n", namespace, "--grace-period=0", "--force", ...names]);
        return before;
    };
    const backAgain = (namespace: string, app: string, { items: former }: Pods) =>
        eventually(`${app} is ready again`, () => {
            const selector = `--selector=app.kubernetes.io/name=${app}`;
            const running = ["--field-selector=status.phase=Running"];
            const { items } = platform.get<Pods>("pods", "-n", namespace, selector, ...running);
            const fresh = items.filter(({ metadata }) => !former.some((one) => one.metadata.uid === metadata.uid));
            const ready = fresh.filter(({ status }) =>
                status.conditions?.some((one) => one.type === "Ready" && one.status === "True"),
            );
            return ready.length >= former.length ? true : undefined;
        });

    /** Three steps that hand artifacts on, and the registration of a version with all of its lineage. */
    const pipeline = (): object => {
        const pass = (command: string) => tenantContainer(["sh", "-c", command]);
        const artifact = (path: string) => ({ name: "data", path, archive: { none: {} } });
        const retryStrategy = { limit: "4", retryPolicy: "Always", backoff: { duration: "5s", factor: 2 } };
        const shared = { retryStrategy, volumes: SCRATCH };
        const task = (name: string, before?: string) => ({
            name,
            template: name,
            ...(before && {
                dependencies: [before],
                arguments: { artifacts: [{ name: "data", from: `{{tasks.${before}.outputs.artifacts.data}}` }] },
            }),
        });
        const register = [
            ...[
                "mlp-steps",
                "register",
                "--model",
                MODEL,
                "--source",
                `s3://artifacts/${NAMESPACE}/models/{{workflow.uid}}`,
            ],
            ...["--git-commit=0a1b2c3", "--trainjob=none", `--dataset-sha256=${"0".repeat(64)}`],
            `--image=sha256:${"0".repeat(64)}`,
        ];
        const env = [
            { name: "MLP_WORKFLOW_NAME", value: "{{workflow.name}}" },
            { name: "MLP_WORKFLOW_UID", value: "{{workflow.uid}}" },
        ];
        return {
            entrypoint: "main",
            templates: [
                {
                    name: "main",
                    dag: {
                        tasks: [
                            task("load"),
                            task("change", "load"),
                            task("check", "change"),
                            task("register", "check"),
                        ],
                    },
                },
                {
                    ...shared,
                    name: "load",
                    container: pass("sleep 5; echo loaded > /tmp/data"),
                    outputs: { artifacts: [artifact("/tmp/data")] },
                },
                {
                    ...shared,
                    name: "change",
                    container: pass("sleep 5; cat /inputs/data > /tmp/data; echo changed >> /tmp/data"),
                    inputs: { artifacts: [{ name: "data", path: "/inputs/data" }] },
                    outputs: { artifacts: [artifact("/tmp/data")] },
                },
                {
                    ...shared,
                    name: "check",
                    container: pass("sleep 5; cat /inputs/data > /tmp/data; grep -c ed /tmp/data | grep -qx 2"),
                    inputs: { artifacts: [{ name: "data", path: "/inputs/data" }] },
                    outputs: { artifacts: [artifact("/tmp/data")] },
                },
                {
                    ...shared,
                    name: "register",
                    container: tenantContainer(register, { env }),
                    inputs: { artifacts: [{ name: "data", path: "/inputs/data" }] },
                },
            ],
        };
    };

    it("ends, and leaves one whole version, though every service is killed in turn", async () => {
        const before = await runInTenant<Versions>(platform, { namespace: NAMESPACE }, FORMER + VERSIONS);

        const name = submit(pipeline());
        const steps = ["load", "change", "check", "register"];
        const killed: (readonly [string, string, Pods])[] = [];
        for (const [index, [, namespace, app]] of SERVICES.entries()) {
            await eventually(`step ${steps[index] ?? ""} begins`, () =>
                node(name, steps[index] ?? "") !== undefined || ENDED.includes(look(name).status?.phase ?? "")
                    ? true
                    : undefined,
            );
            killed.push([namespace, app, kill(namespace, app)]);
        }
        for (const one of killed) await backAgain(...one);
        const { metadata, status } = await ended(name);
        if (status?.phase !== "Succeeded") {
            const why = Object.values(status?.nodes ?? {}).map(
                ({ displayName, message }) => `${displayName}: ${message ?? ""}`,
            );
            expect(why.join("\n")).toMatch(/object store|MLflow|does not answer|refused|s3/i);
        }
        const after = await versions();
        expect(after).toMatchObject(before);
        const ofRun = Object.values(after).filter((tags) => tags["mlp.dev/workflow-uid"] === metadata.uid);
        expect(ofRun).toHaveLength(status?.phase === "Succeeded" ? 1 : ofRun.length);
        expect(Object.keys(after)).toHaveLength(Object.keys(before).length + ofRun.length);
        for (const tags of Object.values(after)) {
            expect(
                Object.keys(tags)
                    .filter((key) => !key.includes("metric"))
                    .sort(),
            ).toEqual(LINEAGE.map((key) => `mlp.dev/${key}`));
        }
    });

    it("is refused with a field of the wrong type, and nobody else's run stops for it", async () => {
        const controller = () =>
            platform.get<Pods>("pods", "-n", "mlp-pipelines", "-l=app.kubernetes.io/name=workflow-controller").items[0];
        const former = controller()?.metadata.uid;
        const broken = { entrypoint: "main", templates: [{ name: "main", container: { image: 5, command: "sleep" } }] };
        expect(() => submit(broken)).toThrow(/spec\.templates\[0\]\.container\.(image|command): Invalid value/);
        const small = { name: "main", container: tenantContainer(["true"]), volumes: SCRATCH };
        expect((await ended(submit({ entrypoint: "main", templates: [small] }))).status?.phase).toBe("Succeeded");
        expect(controller()?.metadata.uid).toBe(former);
    });

    it("says which image is missing, and which artifact is not there", async () => {
        const image = "mlp.internal/no-such-image:1";
        const missing = { name: "main", container: { ...tenantContainer(["true"]), image }, volumes: SCRATCH };
        const waiting = submit({ entrypoint: "main", templates: [missing] });
        const inputs = {
            artifacts: [{ name: "data", path: "/inputs/data", s3: { key: `${NAMESPACE}/pipelines/not-there` } }],
        };
        const reads = { name: "main", container: tenantContainer(["true"]), inputs, volumes: SCRATCH };
        const failed = await ended(submit({ entrypoint: "main", templates: [reads] }));
        const said = Object.values(failed.status?.nodes ?? {}).map(({ message }) => message ?? "");
        expect(failed.status?.phase).not.toBe("Succeeded");
        expect(said.join("\n")).toMatch(/artifact data.*key does not exist/i);
        await eventually("the reason is in the workflow", () => {
            const nodes = Object.values(look(waiting).status?.nodes ?? {});
            return nodes.some(({ message = "" }) => /Pull.*no-such-image/.test(message)) ? true : undefined;
        });
    });

    it("finds the registry whole after two migrations at once", async () => {
        const before = await versions();
        const { items } = platform.get<{ items: { metadata: { name: string }; spec: Record<string, object> }[] }>(
            "jobs",
            "-n",
            "mlp-registry",
            "-l=app.kubernetes.io/name=mlflow-migration",
        );
        const { template, backoffLimit } = items[0]!.spec as unknown as {
            template: { metadata: { labels: object }; spec: object };
            backoffLimit: number;
        };
        const jobs = ["migration-one", "migration-two"];
        const made = jobs.map((name) => ({
            apiVersion: "batch/v1",
            kind: "Job",
            metadata: { name, namespace: "mlp-registry" },
            spec: {
                backoffLimit,
                template: {
                    metadata: { labels: { "app.kubernetes.io/name": "mlflow-migration" } },
                    spec: template.spec,
                },
            },
        }));
        platform.kubectl(["create", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: made }));
        try {
            const wait = ["wait", "--for=condition=Complete", "--timeout=120s", "-n", "mlp-registry"];
            const waited = platform.kubectl([...wait, ...jobs.map((name) => `job/${name}`)]);
            expect([waited.code, waited.output]).toEqual([0, expect.stringMatching(/one[^]*two/)]);
        } finally {
            platform.kubectl(["delete", "job", "-n", "mlp-registry", ...jobs, "--wait=false"]);
        }
        expect(await versions()).toEqual(before);
    });

    it("tells a wrong password of the database in its own words, and the next up mends what it left", async () => {
        const original = platform.get<{ data: { password: string } }>("secret", ADMINISTRATOR, "-n", "mlp-data");
        const setPassword = (password: string) =>
            platform.kubectl([
                ...["patch", "secret", ADMINISTRATOR, "-n", "mlp-data"],
                `--patch=${JSON.stringify({ data: { password } })}`,
            ]);
        const { stdout } = await platform.pulumi(["stack", "export"]);
        const { deployment } = JSON.parse(stdout) as { deployment: { resources: readonly { urn: string }[] } };
        const urn =
            deployment.resources.find((one) => one.urn.endsWith("$kubernetes:batch/v1:Job::mlflow-database"))?.urn ??
            "";

        expect(setPassword(Buffer.from("wrong").toString("base64")).code).toBe(0);
        const refused = await platform.pulumi(["up", "--yes", "--skip-preview", "--replace", urn]);
        expect(setPassword(original.data.password).code).toBe(0);
        expect(refused.code).not.toBe(0);
        expect(refused.output).toMatch(/mlflow-database[^]*password authentication failed for user/);

        const mended = await platform.mlp(["up"]);
        expect([mended.code, mended.output]).toEqual([0, expect.stringMatching(/The platform is up/)]);
        const again = await platform.pulumi(["up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes"]);
        expect([again.code, again.output]).toEqual([0, expect.any(String)]);
    });

    it("tells of a full volume what the step itself heard", async () => {
        const small = [{ name: "scratch", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } }];
        const fill = tenantContainer(["sh", "-c", "head -c 4M /dev/zero > /tmp/data"]);
        const full = { name: "main", container: fill, volumes: small };
        const { status } = await ended(submit({ entrypoint: "main", templates: [full] }));
        expect(status?.phase).toBe("Failed");
        const said = Object.values(status?.nodes ?? {}).map(({ message }) => message ?? "");
        expect(said.join("\n")).toMatch(/No space left on device/);
    });
});

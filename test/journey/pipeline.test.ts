import { eventually, LocalPlatform, Result } from "../support/local-platform";
import { SCRATCH, tenantContainer } from "../support/tenant-pod";

const NAMESPACE = "team-vision";
const LINEAGE = ["git-commit", "workflow", "workflow-uid", "trainjob", "dataset-sha256", "image-digest"];

interface RunNode {
    readonly displayName: string;
    readonly phase: string;
    readonly message?: string;
}

interface Workflow {
    readonly metadata: { readonly name: string; readonly uid: string };
    readonly status?: { readonly phase?: string; readonly nodes?: Readonly<Record<string, RunNode>> };
}

/** A user's stack trace would show where in our code it came from. */
function expectNoStackTrace({ output }: Result): void {
    expect(output).not.toMatch(/^\s+at .*(cli|infra|components|toolchain)\//m);
}

describe("a data scientist's pipeline", () => {
    jest.setTimeout(600_000);
    let platform: LocalPlatform;
    beforeAll(async () => {
        platform = await LocalPlatform.find();
    });

    const pipeline = (...args: string[]) => platform.mlp(["example", "pipeline", ...args]);

    /** One container as a workflow of its own: what it says when it ends, or waits for. */
    const runStep = async (container: object, done: (node: RunNode) => boolean): Promise<RunNode> => {
        const workflow = {
            apiVersion: "argoproj.io/v1alpha1",
            kind: "Workflow",
            metadata: { generateName: "mistake-", namespace: NAMESPACE },
            spec: {
                entrypoint: "step",
                serviceAccountName: "pipeline",
                templates: [{ name: "step", container, volumes: SCRATCH }],
            },
        };
        const { stdout } = platform.kubectl(["create", "-f", "-", "-o", "json"], JSON.stringify(workflow));
        const { name } = (JSON.parse(stdout) as Workflow).metadata;
        const node = await eventually(`the step of ${name}`, () => {
            const { status } = platform.get<Workflow>("workflow", name, "-n", NAMESPACE);
            return Object.values(status?.nodes ?? {}).find(done);
        });
        platform.kubectl(["delete", "workflow", name, "-n", NAMESPACE, "--wait=false"]);
        return node;
    };

    it("sweeps, trains on two nodes, registers the model with its lineage and promotes it", async () => {
        const { code, output } = await pipeline("--set", "epochs=4");
        expect(output).toMatch(/version \d+ of model digits, alias champion/);
        expect(output.match(/^\[.*\] sweep\(\d:.*\): Succeeded/gm)).toHaveLength(3);
        for (const tag of LINEAGE) expect(output).toMatch(new RegExp(`^  mlp\\.dev/${tag}: \\S+$`, "m"));
        expect(output).toMatch(/^  mlp\.dev\/image-digest: sha256:[0-9a-f]{64}$/m);
        expect(output).toMatch(/^  mlp\.dev\/dataset-sha256: [0-9a-f]{64}$/m);
        expect(Number(/^ {2}mlp\.dev\/metric\.accuracy: ([\d.]+)$/m.exec(output)?.[1])).toBeGreaterThan(0.9);
        expect(code).toBe(0);
    });

    it("has left the model in the object store, where its version says", async () => {
        const source = await eventually("the newest run", () => {
            const { items } = platform.get<{ items: Workflow[] }>("workflows", "-n", NAMESPACE);
            const uid = items.find(({ status }) => status?.phase === "Succeeded")?.metadata.uid;
            return uid === undefined ? undefined : `models/digits/${uid}`;
        });
        const script = `mlp-steps fetch --from ${source} --to /tmp/model && test -s /tmp/model/model.ts`;
        const ended = await runStep(tenantContainer(["sh", "-c", script]), ({ phase }) =>
            ["Succeeded", "Failed", "Error"].includes(phase),
        );
        expect(ended).toMatchObject({ phase: "Succeeded" });
    });

    it("reuses what a run before has done, and registers a version of its own", async () => {
        const { code, output } = await pipeline("--set", "epochs=4");
        for (const step of ["load", "store", "sweep\\(\\d:.*\\)"]) {
            expect(output).toMatch(new RegExp(`${step}: Succeeded \\(cached\\)`));
        }
        expect(output).toMatch(/train: Succeeded$/m);
        expect(output).toMatch(/version \d+ of model digits/);
        expect(code).toBe(0);
    });

    it("fails with what the step said", async () => {
        const result = await pipeline("--set", "epochs=many");
        expect(result.code).not.toBe(0);
        expect(result.output).toMatch(/train: .*ValueError: invalid literal for int\(\).*many/);
        expectNoStackTrace(result);
    });

    it("refuses a parameter that the pipeline does not have", async () => {
        const result = await pipeline("--set", "epoch");
        expect(result.code).not.toBe(0);
        expect(result.output).toMatch(/--set epoch: say it as name=value/);
        expectNoStackTrace(result);
    });

    it("says in one line that an artifact is not there", async () => {
        const command = ["mlp-steps", "fetch", "--from", "datasets/gone", "--to", "/tmp/data"];
        const { message } = await runStep(tenantContainer(command), ({ phase }) => phase === "Failed");
        expect(message).toMatch(/there is no artifact s3:\/\/[^/]+\/team-vision\/datasets\/gone/);
    });

    it("says that the object store refuses another team's place", async () => {
        const bucket = platform.get<{ data: Record<string, string> }>("configmap", "mlp-environment", "-n", NAMESPACE);
        const from = `s3://${bucket.data["MLP_ARTIFACTS_BUCKET"]}/team-language/datasets/digits`;
        const command = ["mlp-steps", "fetch", "--from", from, "--to", "/tmp/data"];
        const { message } = await runStep(tenantContainer(command), ({ phase }) => phase === "Failed");
        expect(message).toMatch(/the object store refuses s3:\/\/[^/]+\/team-language\/.*(Access Denied|Forbidden)/i);
    });

    it("says why a step waits whose image is missing", async () => {
        const image = "mlp.internal/no-such-image:1";
        const { message } = await runStep(tenantContainer(["true"], { image }), (node) =>
            /Pull/.test(node.message ?? ""),
        );
        expect(message).toMatch(/(ErrImagePull|ImagePullBackOff).*no-such-image/);
    });

    it("is removed; its objects and models stay", async () => {
        expect((await pipeline("--destroy")).code).toBe(0);
        expect(platform.kubectl(["get", "workflowtemplate", "digits", "-n", NAMESPACE]).output).toMatch(/NotFound/);
    });
});

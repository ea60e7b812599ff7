import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { parse, parseDocument } from "yaml";

import { PLATFORM, workingCopy } from "../../cli/stack-files";
import { references } from "../../images/catalogue";
import { importImages } from "../../toolchain/cluster";
import { cacheDir, dataDir, repositoryRoot } from "../../toolchain/paths";
import { LocalPlatform, run } from "../support/local-platform";
import { declarations } from "../support/objects";

const NO_CHANGES = "--expect-no-changes";
const UP = ["up", "--yes", "--skip-preview"];

describe("the platform's stack under the real engine", () => {
    jest.setTimeout(240_000);
    let platform: LocalPlatform;
    beforeAll(async () => {
        platform = await LocalPlatform.find();
    });

    it("has nothing to do on a second up", async () => {
        const { code, output } = await platform.pulumi([...UP, NO_CHANGES]);
        expect(output).toMatch(/\d+ unchanged/);
        expect(code).toBe(0);
    });

    it("finds nothing to refresh", async () => {
        const { code, output } = await platform.pulumi(["refresh", "--yes", "--skip-preview", NO_CHANGES]);
        expect([code, output]).toEqual([0, expect.any(String)]);
    });

    it("previews under the policy pack without one rule that could not run", async () => {
        const { code, output } = await platform.pulumi(["preview", "--policy-pack", "policies", NO_CHANGES]);
        expect(output).not.toMatch(/can't run policy/i);
        expect([code, output]).toEqual([0, expect.any(String)]);
    });

    it("is reached by plain pulumi and kubectl in a shell that has evaluated `mlp env`", async () => {
        const script =
            'eval "$(npx --no-install tsx cli/main.ts env)" && pulumi preview --stack local && kubectl get nodes';
        const { code, output } = await run("bash", ["-c", script], { cwd: repositoryRoot, env: process.env });
        expect([code, output]).toEqual([0, expect.stringMatching(/\d+ unchanged[^]*mlp-local +Ready/)]);
    });

    it("finds edits made by hand and repairs them", async () => {
        platform.kubectl(["-n", "jobset-system", "scale", "deployment/jobset", "--replicas=2"]);
        platform.kubectl(["-n", "jobset-system", "delete", "networkpolicy/jobset"]);
        platform.kubectl([
            "label",
            "--overwrite",
            "namespace/kubeflow-system",
            "pod-security.kubernetes.io/enforce=privileged",
        ]);
        platform.kubectl(["patch", "clusterrole/jobset", "--type=json", '--patch=[{"op":"remove","path":"/rules/0"}]']);

        const found = await platform.pulumi(["refresh", "--preview-only", NO_CHANGES]);
        expect(found.code).not.toBe(0);
        for (const touched of ["Deployment", "NetworkPolicy", "Namespace", "ClusterRole"]) {
            expect(found.output).toMatch(new RegExp(`:${touched} .*\\[?(diff|delete)|[~-] .*:${touched}`));
        }
        const repaired = await platform.pulumi([...UP, "--refresh"]);
        expect([repaired.code, repaired.output]).toEqual([0, expect.any(String)]);

        const deployment = platform.get<{ spec: { replicas: number } }>("deployment/jobset", "-n", "jobset-system");
        expect(deployment.spec.replicas).toBe(1);
        expect(platform.kubectl(["-n", "jobset-system", "get", "networkpolicy/jobset"]).code).toBe(0);
        const namespace = platform.get<{ metadata: { labels: Record<string, string> } }>("namespace/kubeflow-system");
        expect(namespace.metadata.labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
        expect((await platform.pulumi(["refresh", "--yes", "--skip-preview", NO_CHANGES])).code).toBe(0);
    });

    it("updates one controller alone: no other object is touched", async () => {
        const trainer = references().trainer;
        const next = trainer.replace(/:.*/, ":v2.3.0-next");
        // The same image under a new name is what a patch release looks like to everybody else.
        const { bootstrap } = await import("../../toolchain/bootstrap");
        const { silentProgress } = await import("../../toolchain/progress");
        const { images } = await bootstrap({ progress: silentProgress, only: ["image-trainer"] });
        const { renamed } = await import("../support/archives");
        await importImages([renamed(images[0]!, next)]);

        const before = declarations(platform);
        const file = workingCopy(PLATFORM, "local");
        const original = readFileSync(file, "utf8");
        const document = parseDocument(original);
        document.setIn(["config", "mlp:platform", "images"], { trainer: next });
        const changed = join(mkdtempSync(join(tmpdir(), "mlp-stack-")), "changed.yaml");
        writeFileSync(changed, document.toString());

        const update = await platform.pulumi([...UP, "--config-file", changed]);
        rmSync(dirname(changed), { recursive: true });
        expect([update.code, update.output]).toEqual([0, expect.stringMatching(/~ 1 updated/)]);
        const after = declarations(platform);
        const touched = [...after].filter(([name, version]) => before.get(name) !== version).map(([name]) => name);
        expect(touched).toEqual(["deployments.apps kubeflow-system/kubeflow-trainer"]);

        const back = await platform.pulumi(UP);
        expect([back.code, back.output]).toEqual([0, expect.stringMatching(/~ 1 updated/)]);
    });

    it("keeps secrets out of state, stack files and logs", () => {
        const secret = platform.get<{ data: Record<string, string> }>("secret/jobset-webhook", "-n", "jobset-system");
        const key = secret.data["tls.key"]!;
        const lines = linesOf(Buffer.from(key, "base64").toString());
        const { users } = parse(readFileSync(platform.cluster.kubeconfig, "utf8")) as {
            users: { user: { "client-key-data": string } }[];
        };
        const admin = users[0]!.user["client-key-data"];
        const markers = [key, ...lines, admin, ...linesOf(Buffer.from(admin, "base64").toString())];
        expect(markers.length).toBeGreaterThan(4);

        const files = [dataDir("state"), dataDir("stacks"), platform.cluster.logs, cacheDir("logs")].flatMap(
            filesBelow,
        );
        expect(files.length).toBeGreaterThan(10);
        const leaks = files.filter((file) => {
            const text = readFileSync(file, "latin1");
            return markers.some((marker) => text.includes(marker)) || /BEGIN [A-Z ]*PRIVATE KEY/.test(text);
        });
        expect(leaks).toEqual([]);
    });
});

/** The lines of a PEM that are nobody else's. */
function linesOf(pem: string): string[] {
    return pem.split("\n").filter((line) => line.length > 40);
}

function filesBelow(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name));
}

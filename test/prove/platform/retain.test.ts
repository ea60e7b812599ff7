import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseDocument } from "yaml";

import { PLATFORM, workingCopy } from "../../../cli/stack-files";
import { LocalPlatform } from "../../support/local-platform";
import { allObjects, isOurs } from "../../support/objects";
import { runInTenant } from "../../support/tenant-pod";

const NAMESPACE = "team-vision";
const CLAIMS = ["data-postgres-0", "data-seaweedfs-0"];

const TALK = `
import json, os, sys, urllib.request, urllib.error, boto3
token = open("/var/run/secrets/kubernetes.io/serviceaccount/token").read()
headers = {"Authorization": "Bearer " + token, "X-MLFLOW-WORKSPACE": os.environ["MLFLOW_WORKSPACE"], "Content-Type": "application/json"}
def ask(path, body=None):
    url = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/registered-models/" + path
    return json.load(urllib.request.urlopen(urllib.request.Request(url, body and json.dumps(body).encode(), headers), timeout=60))
place = {"Bucket": os.environ["MLP_ARTIFACTS_BUCKET"], "Key": os.environ["MLP_OBJECT_PREFIX"] + "datasets/kept"}
store = boto3.client("s3")
`;
const WRITE = `${TALK}
ask("create", {"name": "kept", "description": "before"})
store.put_object(Body=b"before", **place)
print("true")
`;
const READ = `${TALK}
print(json.dumps([ask("get?name=kept")["registered_model"]["description"], store.get_object(**place)["Body"].read().decode()]))
`;

/** Takes the platform down and up again. */
describe("a platform whose stack file keeps its data", () => {
    jest.setTimeout(900_000);
    let platform: LocalPlatform;
    const folder = mkdtempSync(join(tmpdir(), "mlp-stack-"));
    beforeAll(async () => {
        platform = await LocalPlatform.find();
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    /** The stack's file with these settings of its data, as arguments of Pulumi. */
    const withData = (data: object): string[] => {
        const document = parseDocument(readFileSync(workingCopy(PLATFORM, "local"), "utf8"));
        document.setIn(["config", "mlp:platform", "data"], data);
        const file = join(folder, "stack.yaml");
        writeFileSync(file, document.toString());
        return ["--config-file", file];
    };
    const succeeds = async (...args: string[]): Promise<string> => {
        const { code, output } = await platform.pulumi(args);
        expect([code, output]).toEqual([0, expect.any(String)]);
        return output;
    };
    const up = (data: object, ...more: string[]) =>
        succeeds("up", "--yes", "--skip-preview", ...withData(data), ...more);
    const ours = () => [...allObjects(platform)].filter(([, item]) => isOurs(item)).map(([name]) => name);
    const claims = () =>
        platform
            .get<{ items: { metadata: { name: string }; status: { phase: string } }[] }>("pvc", "-n", "mlp-data")
            .items.map(({ metadata, status }) => [metadata.name, status.phase]);

    it("leaves its volumes alone when it is destroyed, and takes away all else", async () => {
        await up({ retain: true });
        await runInTenant(platform, { namespace: NAMESPACE }, WRITE);
        await succeeds("destroy", "--yes", "--skip-preview", ...withData({ retain: true }));
        expect(claims()).toEqual(CLAIMS.map((name) => [name, "Bound"]));
        expect(ours()).toEqual(["namespaces mlp-data"]);
    });

    it("is not put up over them by chance", async () => {
        const { code, output } = await platform.pulumi([
            "up",
            "--yes",
            "--skip-preview",
            ...withData({ retain: true }),
        ]);
        expect(code).not.toBe(0);
        expect(output).toMatch(/mlp-data.*already exists/);
        expect(claims()).toEqual(CLAIMS.map((name) => [name, "Bound"]));
    });

    it("takes them over where its stack file says so: models and objects are there", async () => {
        await up({ retain: true, adopt: true });
        expect(await runInTenant(platform, { namespace: NAMESPACE }, READ)).toEqual(["before", "before"]);
        await up({ retain: true, adopt: true }, "--expect-no-changes");
    });

    it("keeps nothing once its stack file no longer says so", async () => {
        await up({});
        await succeeds("destroy", "--yes", "--skip-preview", ...withData({}));
        expect(ours()).toEqual([]);
        expect(platform.kubectl(["get", "namespace", "mlp-data"]).output).toMatch(/not found/i);
    });
});

import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createSecureServer } from "node:https";
import { AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { stringify } from "yaml";

import { repositoryRoot } from "../../toolchain/paths";
import { selfSigned } from "../support/certificates";
import { LocalPlatform, Result, run } from "../support/local-platform";

const STACK = "mistake";
const file = join(repositoryRoot, "stacks", `Pulumi.${STACK}.yaml`);

/** One clear message, none of our code's places, and a failure. */
function expectClear({ code, output }: Result, message: RegExp): void {
    expect(output).toMatch(message);
    expect(output).not.toMatch(/^\s+at /m);
    expect(output).not.toMatch(/ \+ +(kubernetes|tls|random):/);
    expect(code).not.toBe(0);
}

describe("a user's mistake is told in a clear line, and nothing is changed", () => {
    jest.setTimeout(120_000);
    let platform: LocalPlatform;
    const folder = mkdtempSync(join(tmpdir(), "mlp-mistake-"));
    beforeAll(async () => {
        platform = await LocalPlatform.find();
    });
    afterAll(() => {
        rmSync(file, { force: true });
        rmSync(folder, { recursive: true });
    });

    const upWith = (config: object): Promise<Result> => {
        writeFileSync(
            file,
            stringify({ config: { "pulumi:disable-default-providers": ["*"], "mlp:platform": config } }),
        );
        return platform.mlp(["up", "--env", STACK]);
    };
    const kubeconfigFor = (server: string, ca: string): string => {
        const path = join(folder, "kubeconfig");
        const cluster = { server, "certificate-authority-data": Buffer.from(ca).toString("base64") };
        writeFileSync(
            path,
            stringify({
                "current-context": "c",
                contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
                clusters: [{ name: "c", cluster }],
                users: [{ name: "u", user: { token: "t" } }],
            }),
        );
        return path;
    };
    const existing = (kubeconfig: string) => ({ environment: "dev", cluster: { kind: "existing", kubeconfig } });

    it("in the stack file: all of them at once, before anything is built", async () => {
        const result = await upWith({
            environment: "local",
            clutser: {},
            cluster: { kind: "embedded", gpuPools: [{ name: "a", gpusPerNode: "4" }] },
        });
        expectClear(result, /gpusPerNode: "4" is not allowed \(of type number\)[^]*mlp:platform\.clutser/);
        expect(result.output).not.toMatch(/✓/);
    });

    it("an image that the catalogue lacks", async () => {
        const training = { runtimes: [{ framework: "torch", image: "torch-99" }] };
        const result = await upWith({ environment: "local", cluster: { kind: "embedded" }, training });
        expectClear(result, /training\.runtimes\[0\]\.image: "torch-99" is not allowed \(one of .*torch-runtime/);
    });

    it("a stack file that is not there", async () => {
        expectClear(await platform.mlp(["up", "--env", "nowhere"]), /Pulumi\.nowhere\.yaml is not there/);
    });

    it("a kubeconfig that is not there", async () => {
        expectClear(await upWith(existing(join(folder, "missing"))), /cluster\.kubeconfig: ".*missing" is not allowed/);
    });

    it("a cluster that does not answer", async () => {
        const result = await upWith(existing(kubeconfigFor("https://127.0.0.1:1", selfSigned("127.0.0.1").cert)));
        expectClear(result, /mlp:platform\.cluster: "https:\/\/127\.0\.0\.1:1" is not allowed/);
    });

    it("a cluster of a version that is not supported", async () => {
        const { key, cert } = selfSigned("127.0.0.1");
        const version = JSON.stringify({ major: "1", minor: "22", gitVersion: "v1.22.9" });
        const server = createSecureServer({ key, cert }, (_, response) => response.end(version)).listen(0, "127.0.0.1");
        await once(server, "listening");
        const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const result = await upWith(existing(kubeconfigFor(url, cert))).finally(() => server.close());
        expectClear(result, /Kubernetes v1\.22\.9 at .*1\.36/);
    });

    it("a port that is taken", async () => {
        const server = createServer().listen(0, "127.0.0.1");
        await once(server, "listening");
        const port = String((server.address() as AddressInfo).port);
        const env = { ...process.env, XDG_DATA_HOME: folder, MLP_API_PORT: port };
        const result = await run("npx", ["--no-install", "tsx", "cli/main.ts", "up"], { cwd: repositoryRoot, env });
        server.close();
        expectClear(result, new RegExp(`${port}.*MLP_API_PORT`));
    });
});

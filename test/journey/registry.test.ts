import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ImageLock, lockedReferences, readLock } from "../../images/image-lock";
import { makeImage } from "../../toolchain/images";
import { repositoryRoot } from "../../toolchain/paths";
import { silentProgress } from "../../toolchain/progress";
import { eventually, LocalPlatform, Result, run } from "../support/local-platform";
import { TestRegistry } from "../support/registry";

const OURS = ["plain-runtime", "simulated-gpu-plugin"] as const;
const POD = "pulled-by-digest";
/** bcrypt of a password that protects nothing. */
const USER = "tester:$2y$05$abcdefghijklmnopqrstuurmJhX.yVSgflizG6tkrAtlEciliHEtW";
const PASSWORD = "pass-of-a-test";

interface Pod {
    readonly status: {
        readonly phase: string;
        readonly containerStatuses?: readonly { readonly imageID: string }[];
    };
}

describe("images in a real registry", () => {
    jest.setTimeout(300_000);
    const folder = mkdtempSync(join(tmpdir(), "mlp-images-"));
    const lock = join(folder, "lock.json");
    let platform: LocalPlatform;
    let registry: TestRegistry;
    let address: string;

    beforeAll(async () => {
        platform = await LocalPlatform.find();
        registry = await TestRegistry.create();
        address = await registry.serve();
    });
    afterAll(async () => {
        platform?.kubectl(["delete", "pod", POD, "--ignore-not-found", "--now"]);
        await registry?.remove();
        rmSync(folder, { recursive: true });
    });

    const images = (...args: string[]): Promise<Result> => platform.mlp(["images", ...args]);
    const push = (prefix: string, file: string, names: readonly string[] = OURS): Promise<Result> =>
        images("push", ...names, "--to", `${address}/${prefix}`, "--lock", file);
    const expectRefusal = ({ code, output }: Result, message: RegExp): void => {
        expect(output).toMatch(message);
        expect(output).not.toMatch(/^\s+at /m);
        expect(code).toBe(1);
    };

    it("stand there under the digests that the lock names", async () => {
        const pushed = await push("mlp", lock);
        expect(pushed.output).toMatch(/2 uploaded, 0 already there/);
        expect(pushed.code).toBe(0);
        const { registry: named, images: locked } = readLock(lock);
        expect(named).toBe(`${address}/mlp`);
        expect(Object.keys(locked)).toEqual([...OURS]);
        for (const { reference, digest } of Object.values(locked)) {
            expect(await digestServed(reference)).toEqual({ header: digest, body: digest });
        }
    });

    it("are not uploaded again, and the lock does not change", async () => {
        const before = [readFileSync(lock, "utf8"), statSync(lock).mtimeMs, registry.stored()];
        const again = await push("mlp", lock);
        expect(again.output).toMatch(/0 uploaded, 2 already there[^]*is unchanged/);
        expect([readFileSync(lock, "utf8"), statSync(lock).mtimeMs, registry.stored()]).toEqual(before);
    });

    it("are joined in the lock by a mirrored one, labelled with where it comes from", async () => {
        const mirrored = await images("mirror", "pause", "--to", `${address}/mlp`, "--lock", lock);
        expect(mirrored.output).toMatch(/registry\.k8s\.io\/pause:[\d.]+: (built|pulled); uploaded, sha256:/);
        const { pause } = readLock(lock).images;
        expect(mirrored.output).toContain(`${pause!.origin}; uploaded, ${pause!.digest}`);
        expect(Object.keys(readLock(lock).images)).toEqual(["pause", ...OURS]);
    });

    it("are pulled by digest, and run, on the cluster's node", async () => {
        const [containerd] = platform.processes(/containerd --config/);
        // The node has a loopback of its own: a replica over the same storage serves it there.
        await registry.serve({ readOnly: true, besideProcess: containerd! }, Number(address.split(":")[1]));
        const image = lockedReferences(readLock(lock))["plain-runtime"]!;
        expect(image).toMatch(/^127\.0\.0\.1:\d+\/mlp\/plain-runtime@sha256:[0-9a-f]{64}$/);
        const made = platform.kubectl(["apply", "--filename=-"], JSON.stringify(podOf(image)));
        expect(made.output).toContain("created");
        const pod = await eventually("the pod ends", () => {
            const found = platform.get<Pod>("pod", POD);
            return /Succeeded|Failed/.test(found.status.phase) ? found : undefined;
        });
        expect(platform.kubectl(["logs", POD]).output).toBe("42\n");
        expect(pod.status.containerStatuses![0]!.imageID).toContain(image.split("@")[1]);
    });

    it("keep their tag: another image under it is refused", async () => {
        const other = await makeImage("simulated-gpu-plugin", silentProgress, new AbortController().signal);
        const [file, taken] = [join(folder, "taken.json"), `${address}/taken/plain-runtime:3.13`];
        const copy = ["copy", "--quiet", "--dest-tls-verify=false", `oci-archive:${other.archive}`];
        execFileSync("skopeo", [...copy, `docker://${taken}`]);
        const before = await digestServed(taken);
        const pushed = await push("taken", file, ["plain-runtime"]);
        expectRefusal(pushed, /taken\/plain-runtime:3\.13: the registry holds another image under this tag/);
        expect(await digestServed(taken)).toEqual(before);
        expect(existsSync(file)).toBe(false);
    });

    it("are refused by a registry that is read-only, which changes no lock", async () => {
        const readOnly = await registry.serve({ readOnly: true });
        const before = readFileSync(lock, "utf8");
        const pushed = await images("push", ...OURS, "--to", `${readOnly}/new`, "--lock", lock);
        expectRefusal(pushed, /new\/simulated-gpu-plugin:0\.1\.0: 127\.0\.0\.1:\d+ takes no uploads: it is read-only/);
        expect(readFileSync(lock, "utf8")).toBe(before);
    });

    it("want a login where the registry does, from the usual file", async () => {
        const [passwords, auth, file] = ["passwords", "auth.json", "closed.json"].map((name) => join(folder, name));
        writeFileSync(passwords!, `${USER}\n`);
        const closed = await registry.serve({ passwords: passwords! });
        const args = ["images", "push", "simulated-gpu-plugin", "--to", `${closed}/closed`, "--lock", file!];
        const withAuth = (): Promise<Result> =>
            run("npx", ["--no-install", "tsx", "cli/main.ts", ...args], {
                cwd: repositoryRoot,
                env: { ...process.env, REGISTRY_AUTH_FILE: auth },
            });
        writeFileSync(auth!, JSON.stringify({ auths: {} }));
        expectRefusal(await withAuth(), /wants a login\. Log in and run the command again: skopeo login 127\.0\.0\.1/);
        expect(existsSync(file!)).toBe(false);
        const token = Buffer.from(`tester:${PASSWORD}`).toString("base64");
        writeFileSync(auth!, JSON.stringify({ auths: { [closed]: { auth: token } } }));
        expect((await withAuth()).output).toMatch(/1 uploaded, 0 already there/);
    });

    it("leave the lock as it was when the push is interrupted, and go on from there", async () => {
        const before = readFileSync(lock, "utf8");
        const args = ["cli/mlp.cjs", "images", "push", ...OURS, "--to", `${address}/again`, "--lock", lock];
        const until = (output: string) => output.includes("holds 0 of 2");
        // The installed command: tsx kills a program that answers to a signal late, which a busy machine's does.
        const options = { cwd: repositoryRoot, env: process.env, until };
        const interrupted = await run(process.execPath, args, options);
        expect(interrupted.output).toMatch(/interrupted; run the same command again/);
        expect(interrupted.code).not.toBe(0);
        expect(readFileSync(lock, "utf8")).toBe(before);
        // The lock is of one registry: what stood in the other leaves it, and is named.
        const pushed = await push("again", lock);
        expect(pushed.output).toMatch(/pause left the lock/);
        expect(Object.keys(readLock(lock).images)).toEqual([...OURS]);
    });

    it("are uploaded once by two pushes at the same time", async () => {
        const file = join(folder, "two.json");
        const both = await Promise.all([push("two", file), push("two", file)]);
        expect(both.map(({ code }) => code)).toEqual([0, 0]);
        const uploads = both.map(({ output }) => Number(/(\d+) uploaded/.exec(output)?.[1]));
        expect(uploads.sort()).toEqual([0, 2]);
        await expectServed(readLock(file));
    });

    async function expectServed({ images: locked }: ImageLock): Promise<void> {
        expect(Object.keys(locked)).toEqual([...OURS]);
        for (const { reference, digest } of Object.values(locked)) {
            expect((await digestServed(reference)).body).toBe(digest);
        }
    }
});

/** What the registry's own interface says: the digest that it names, and that of the bytes that it sends. */
async function digestServed(reference: string): Promise<{ header: string | null; body: string }> {
    const [, host, repository, tag] = /^([^/]+)\/(.+):([^:]+)$/.exec(reference)!;
    const accept = "application/vnd.oci.image.manifest.v1+json";
    const response = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, { headers: { accept } });
    expect(response.status).toBe(200);
    const body = createHash("sha256").update(Buffer.from(await response.arrayBuffer()));
    return { header: response.headers.get("docker-content-digest"), body: `sha256:${body.digest("hex")}` };
}

function podOf(image: string): object {
    return {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: POD, namespace: "default" },
        spec: {
            restartPolicy: "Never",
            automountServiceAccountToken: false,
            containers: [
                { name: "python", image, imagePullPolicy: "Always", command: ["python3", "-c", "print(6 * 7)"] },
            ],
        },
    };
}

import { X509Certificate } from "node:crypto";
import { join } from "node:path";

import { Engine } from "../../cli/engine";
import { Project } from "../../cli/stack-files";
import { LocalPlatform } from "../support/local-platform";

const directory = join(__dirname, "programs", "certificate");
const PROJECT: Project = { name: "mlp-test-certificate", directory, stacks: directory };
const UP = ["up", "--yes", "--skip-preview"];

describe("a webhook certificate", () => {
    jest.setTimeout(240_000);
    let platform: LocalPlatform;
    beforeAll(async () => {
        platform = await LocalPlatform.find();
        new Engine(platform.tools, PROJECT, "test", platform.cluster.kubeconfig).create();
    });
    afterAll(async () => {
        await platform.pulumi(["destroy", "--yes", "--skip-preview"], PROJECT, "test");
    });

    const served = () => {
        const { data } = platform.get<{ data: Record<string, string> }>("secret/webhook", "-n", "certificate-test");
        const pem = (name: string) => Buffer.from(data[name] ?? "", "base64");
        return { leaf: new X509Certificate(pem("tls.crt")), ca: new X509Certificate(pem("ca.crt")) };
    };

    it("is valid for the Service's names and signed by its own CA", async () => {
        const { code, output } = await platform.pulumi(UP, PROJECT, "test");
        expect([code, output]).toEqual([0, expect.any(String)]);
        const { leaf, ca } = served();
        expect(leaf.checkHost("webhook.certificate-test.svc")).toBe("webhook.certificate-test.svc");
        expect(leaf.checkHost("webhook.other.svc")).toBeUndefined();
        expect(leaf.verify(ca.publicKey)).toBe(true);
        expect(ca.ca).toBe(true);
        expect(new Date(ca.validTo).getTime() - Date.now()).toBeGreaterThan(9 * 365 * 24 * 3600 * 1000);
    });

    // One that is not due yet is kept: that is the second `up` of lifecycle.test.ts, which changes nothing.
    it("is renewed by a plain up once it is due, under the same CA, in the same Secret", async () => {
        const before = served();
        const uid = () =>
            platform.get<{ metadata: { uid: string } }>("secret/webhook", "-n", "certificate-test").metadata.uid;
        const secret = uid();
        const { code, output } = await platform.pulumi(UP, PROJECT, "test");
        expect([code, output]).toEqual([0, expect.any(String)]);
        const after = served();
        expect(after.leaf.fingerprint256).not.toBe(before.leaf.fingerprint256);
        expect(after.ca.fingerprint256).toBe(before.ca.fingerprint256);
        expect(after.leaf.verify(after.ca.publicKey)).toBe(true);
        expect(uid()).toBe(secret);
    });
});

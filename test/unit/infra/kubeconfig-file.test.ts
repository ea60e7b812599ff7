import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";

import { parse } from "yaml";

import { defaultKubeconfig, readKubeconfig } from "../../../infra/kubeconfig-file";

let folder: string;
beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "mlp-kubeconfig-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("defaultKubeconfig", () => {
    it.each([
        ["~/.kube/config where KUBECONFIG is not set", undefined, join(homedir(), ".kube", "config")],
        ["~/.kube/config where it is empty", "", join(homedir(), ".kube", "config")],
        ["the first of a list where none exists, for the message", `/no/a${delimiter}/no/b`, "/no/a"],
    ])("is %s", (_, KUBECONFIG, expected) => {
        expect(defaultKubeconfig({ KUBECONFIG })).toBe(expected);
    });

    it("is the first of a list that exists", () => {
        const file = join(folder, "config");
        writeFileSync(file, "");
        expect(defaultKubeconfig({ KUBECONFIG: ["/no/a", file, "/no/b"].join(delimiter) })).toBe(file);
    });
});

describe("readKubeconfig", () => {
    it("finds the files that a kubeconfig names in its own folder, and leaves the rest alone", () => {
        mkdirSync(join(folder, "kube"));
        const file = join(folder, "kube", "config");
        const cluster = { server: "https://k", "certificate-authority": "pki/ca.crt" };
        const user = { "client-certificate": "../u.crt", "client-key": "/abs/u.key", token: "t" };
        const written = {
            clusters: [{ name: "c", cluster }],
            users: [
                { name: "u", user },
                { name: "none", user: null },
            ],
        };
        writeFileSync(file, JSON.stringify(written));
        expect(parse(readKubeconfig(relative(process.cwd(), file)))).toEqual({
            clusters: [
                { name: "c", cluster: { ...cluster, "certificate-authority": join(folder, "kube/pki/ca.crt") } },
            ],
            users: [
                { name: "u", user: { ...user, "client-certificate": join(folder, "u.crt") } },
                { name: "none", user: null },
            ],
        });
    });

    it.each(["clusters: []\n", "hello", "{ a: [", ""])("gives %j as it stands", (contents) => {
        writeFileSync(join(folder, "config"), contents);
        expect(readKubeconfig(join(folder, "config"))).toBe(contents);
    });

    it("says which file it cannot read, and understands ~", () => {
        expect(() => readKubeconfig("~/no/such/kubeconfig")).toThrow(
            /cluster\.kubeconfig: "~\/no\/such\/kubeconfig" .*ENOENT.*'\/(?!.*~).*npm run env/,
        );
    });
});

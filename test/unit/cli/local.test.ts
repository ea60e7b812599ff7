import { homedir } from "node:os";
import { join } from "node:path";

import { kubeconfigOf, piecesFor, specOf } from "../../../cli/local";

describe("the kubeconfig that a stack file names", () => {
    const existing = { kind: "existing" as const, gpuPools: [] };

    it("is given to kubectl as an absolute path: it knows no ~", () => {
        expect(kubeconfigOf({ ...existing, kubeconfig: "~/a/config" })).toBe(join(homedir(), "a/config"));
        expect(kubeconfigOf({ ...existing, kubeconfig: "/a/config" })).toBe("/a/config");
    });

    it("is left to the shell where it names none", () => {
        expect(kubeconfigOf(existing)).toBeUndefined();
        expect(kubeconfigOf(specOf("local").cluster)).toBeUndefined();
    });
});

it("an environment on AWS needs AWS's providers, and nothing of the embedded cluster", () => {
    const pieces = piecesFor(specOf("prod", { locked: false }));
    expect(pieces).toEqual(expect.arrayContaining(["pulumi", "kubectl", "provider-aws", "provider-eks"]));
    expect(pieces).not.toContain("etcd");
    expect(piecesFor(specOf("local"))).toBeUndefined();
});

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
});

it("a local platform needs the images of what is switched on, and those of the cluster itself", () => {
    const local = specOf("local");
    const cluster = ["etcd", "image-pause", "image-metrics-server", "image-debian-trixie"];
    expect(piecesFor(local)).toEqual(expect.arrayContaining(["kubernetes", "image-mlflow", "image-argo-server"]));
    const alone = piecesFor({ ...local, usedImages: ["jobset"] });
    expect(alone).toEqual(expect.arrayContaining(["image-jobset", ...cluster]));
    expect(alone).not.toContain("image-mlflow");
    expect(alone).not.toContain("image-karpenter");
});

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { buildSync } from "esbuild";

import { ensurePki } from "../../toolchain/cluster/pki";
import { PROGRAM_PATH } from "../../toolchain/cluster/preconditions";
import { repositoryRoot } from "../../toolchain/paths";

const POLICIES = "/apis/networking.k8s.io/v1/networkpolicies";
const pod = (name: string, namespace: string) => ({
    metadata: { name, namespace, resourceVersion: "1" },
    spec: { containers: [{ name: "main" }] },
});
const policy = (name: string, namespace: string, spec: object) => ({
    metadata: { name, namespace, resourceVersion: "1" },
    spec: { podSelector: {}, ...spec },
});
const DNS = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } };
const OBJECTS = {
    "/api/v1/namespaces": ["a", "b", "kube-system"].map((name) => ({
        metadata: { name, resourceVersion: "1", labels: { "kubernetes.io/metadata.name": name } },
    })),
    "/api/v1/pods": [pod("p2", "a"), pod("p3", "a"), pod("p4", "b")],
    [POLICIES]: [
        policy("within", "a", {
            policyTypes: ["Ingress", "Egress"],
            ingress: [{ from: [{ podSelector: {} }] }],
            egress: [{ to: [{ podSelector: {} }] }, { to: [DNS], ports: [{ port: 53, protocol: "TCP" }] }],
        }),
    ],
};
const closed = policy("closed", "b", { policyTypes: ["Ingress"] });
const emit = (path: string, type: string, object: object) => `emit '${JSON.stringify({ path, type, object })}'`;
const STEPS = `
reach 2 10.244.0.3 8080 "within a"
reach 2 10.244.0.4 8080 "out of a"
reach 4 10.244.0.2 8080 "into a"
reach 2 10.88.0.1 53 "DNS from a"
reach 2 10.88.0.1 10250 "kubelet from a"
reach 4 10.88.0.1 10250 "kubelet from b"
reach node 10.244.0.2 8080 "node into a"
reach 5 10.244.0.4 8080 "nobody's pod"
${emit("/api/v1/pods", "ADDED", pod("p5", "b"))}
reach 5 10.244.0.4 8080 "a pod without a network"
joins 5 b
reach 5 10.244.0.4 8080 "a new pod of b"
${emit(POLICIES, "ADDED", closed)}
reach 5 10.244.0.4 8080 "within b, closed"
reach node 10.244.0.4 8080 "node into b, closed"
${emit(POLICIES, "DELETED", closed)}
reach 5 10.244.0.4 8080 "within b, opened"
kill -9 $standin
reach 2 10.244.0.3 8080 "within a, after a crash"
reach 2 10.244.0.4 8080 "out of a, after a crash"
`;

describe("the stand-in that enforces network policies", () => {
    jest.setTimeout(180_000);

    it("keeps the kernel's rules in step with policies and pods", () => {
        const folder = mkdtempSync(join(tmpdir(), "mlp-policies-"));
        try {
            const program = join(folder, "stand-in.js");
            const entry = join(repositoryRoot, "toolchain/cluster/network-policy-stand-in.ts");
            buildSync({ entryPoints: [entry], outfile: program, bundle: true, platform: "node", target: "node20" });
            ensurePki(join(folder, "pki"));
            const support = (file: string) => join(repositoryRoot, "test/support/policy-network", file);
            const sandbox = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
            const given = [join(folder, "pki"), JSON.stringify(OBJECTS), support("api.cjs"), program, process.execPath];
            const output = execFileSync("unshare", [...sandbox, "bash", support("network.sh"), ...given, STEPS], {
                encoding: "utf8",
                env: { ...process.env, PATH: PROGRAM_PATH },
                stdio: ["ignore", "pipe", "inherit"],
            });
            expect(output.trim().split("\n")).toEqual([
                "within a: open",
                "out of a: silent",
                "into a: silent",
                "DNS from a: open",
                "kubelet from a: silent",
                "kubelet from b: open",
                "node into a: open",
                "nobody's pod: silent",
                "a pod without a network: silent",
                "a new pod of b: open",
                "within b, closed: silent",
                "node into b, closed: open",
                "within b, opened: open",
                "within a, after a crash: open",
                "out of a, after a crash: silent",
            ]);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});

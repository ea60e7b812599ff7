import { JsonObject } from "../../../../../toolchain/providers/base/json";
import {
    ApiError,
    conflictsOf,
    isByHand,
    isImmutable,
    isTransient,
} from "../../../../../toolchain/providers/kubernetes/api-error";
import { parseWarnings } from "../../../../../toolchain/providers/kubernetes/client";
import { configChanges, configFailures, parseSettings } from "../../../../../toolchain/providers/kubernetes/config";
import { mergeKubeconfigs, selectContext } from "../../../../../toolchain/providers/kubernetes/kubeconfig";
import { outputsOf } from "../../../../../toolchain/providers/kubernetes/outputs";
import { redact } from "../../../../../toolchain/providers/kubernetes/redact";

const containing = (wanted: string): unknown => expect.stringContaining(wanted);

const answer = (status: number, body: JsonObject) => new ApiError(status, body, "PATCH /x");

describe("answers of the API server", () => {
    it("keep the server's own words", () => {
        expect(answer(422, { message: 'Deployment.apps "x" is invalid' }).message).toBe(
            'Deployment.apps "x" is invalid',
        );
        expect(answer(502, {}).message).toBe("PATCH /x was answered with HTTP 502");
    });

    it("tell an owner that applies from one that edited by hand", () => {
        const cause = (message: string) => ({ reason: "FieldManagerConflict", field: ".spec.replicas", message });
        const causes = [
            cause('conflict with "argo"'),
            cause('conflict with "kubectl-patch" using apps/v1 at 2026-01-01T00:00:00Z'),
        ];

        expect(conflictsOf(answer(409, { details: { causes } }))).toEqual([
            { manager: "argo", field: ".spec.replicas", applied: true },
            { manager: "kubectl-patch", field: ".spec.replicas", applied: false },
        ]);
    });

    it.each([
        ["kubectl-patch", false, true],
        ["kubectl", true, true],
        ["argo", true, false],
        ["kube-controller-manager", false, false],
        ["pulumi-kubernetes-00000001", false, true],
        ["pulumi-kubernetes-00000002", true, false],
    ])("of a conflict with %s (applied: %s): ours to take back is %s", (manager, applied, expected) => {
        expect(isByHand({ manager, applied, field: ".spec" }, "pulumi-kubernetes-00000001")).toBe(expected);
    });

    it.each([
        [422, "spec.selector: Invalid value: field is immutable", true],
        [422, "updates to statefulset spec for fields other than 'replicas' are forbidden", true],
        [422, "spec.replicas: must be greater than 0", false],
        [409, "field is immutable", false],
    ])("of status %d saying %j: immutable is %s", (status, message, expected) => {
        expect(isImmutable(answer(status, { message }))).toBe(expected);
    });

    it.each([
        [500, "failed calling webhook: connection refused", true],
        [404, 'namespaces "demo" not found', true],
        [503, "starting", true],
        [404, 'configmaps "x" not found', false],
        [403, "forbidden: User cannot create", false],
    ])("of status %d saying %j: worth another try is %s", (status, message, expected) => {
        expect(isTransient(answer(status, { message }))).toBe(expected);
    });

    it("carry warnings in their headers", () => {
        expect(parseWarnings('299 - "unknown field \\"spec.foo\\"", 299 - "v1beta1 is deprecated"')).toEqual([
            'unknown field "spec.foo"',
            "v1beta1 is deprecated",
        ]);
    });
});

describe("provider arguments", () => {
    it("arrive as texts", () => {
        expect(parseSettings({ enableSecretMutable: "true", namespace: "ns", kubeconfig: { a: 1 } })).toMatchObject({
            enableSecretMutable: true,
            enableConfigMapMutable: false,
            namespace: "ns",
            kubeconfig: '{"a":1}',
        });
    });

    it("replace everything only for another cluster", () => {
        const of = (server: string, more: JsonObject = {}) => ({
            kubeconfig: `clusters: [{cluster: {server: "${server}"}}]`,
            ...more,
        });
        const identified = { clusterIdentifier: "a" };

        expect(configChanges(of("https://a"), of("https://b")).replaces).toEqual(["kubeconfig"]);
        expect(configChanges(of("https://a"), { kubeconfig: "server: https://a # renewed" }).replaces).toEqual([]);
        expect(configChanges(of("https://a", identified), of("https://b", identified))).toEqual({
            changed: ["kubeconfig"],
            replaces: [],
        });
        expect(configChanges(identified, { clusterIdentifier: "b" }).replaces).toEqual(["clusterIdentifier"]);
    });

    it("refuse what is not served and what strict mode lacks", () => {
        expect(configFailures({ renderYamlToDirectory: "out" })).toEqual([
            { property: "renderYamlToDirectory", reason: containing("official") },
        ]);
        expect(configFailures({ strictMode: "true", kubeconfig: "x" })).toEqual([
            { property: "context", reason: "is required in strictMode" },
        ]);
    });
});

describe("kubeconfig", () => {
    const config = {
        "current-context": "one",
        clusters: [
            { name: "c", cluster: { server: "https://c" } },
            { name: "d", cluster: { server: "https://d" } },
        ],
        contexts: [{ name: "one", context: { cluster: "c", user: "u", namespace: "ns" } }],
        users: [{ name: "u", user: { token: "t" } }],
    };
    const none = { context: undefined, cluster: undefined };

    it("chooses the current context, or another cluster for it", () => {
        expect(selectContext(config, none)).toMatchObject({
            server: "https://c",
            namespace: "ns",
            user: { token: "t" },
        });
        expect(selectContext(config, { ...none, cluster: "d" })).toMatchObject({
            server: "https://d",
            user: { token: "t" },
        });
    });

    it("names what is missing and what there is", () => {
        expect(() => selectContext(config, { ...none, context: "two" })).toThrow(
            'there is no context "two"; its contexts are: one',
        );
    });

    it("of several files: the first mention wins", () => {
        const other = { "current-context": "x", clusters: [{ name: "c", cluster: { server: "https://other" } }] };

        expect(selectContext(mergeKubeconfigs([config, other]), none).server).toBe("https://c");
    });
});

describe("secrets", () => {
    const inputs = { value: { env: [{ value: "s3cr3t" }] }, secrets: [["env", 0, "value"]] };

    it("are taken out of messages, encoded or not", () => {
        const sealed = { value: { data: { key: Buffer.from("s3cr3t").toString("base64") } }, secrets: [["data"]] };

        expect(redact("bad value s3cr3t", inputs)).toBe("bad value [secret]");
        expect(redact("bad value s3cr3t and czNjcjN0", sealed)).toBe("bad value [secret] and [secret]");
    });

    it("are marked wherever their value turns up in the live object", () => {
        const live = {
            kind: "Pod",
            apiVersion: "v1",
            metadata: { managedFields: [] },
            env: [{ value: "injected" }, { value: "s3cr3t" }],
        };
        const { value, secrets } = outputsOf(live, inputs, "manager");

        expect(secrets).toContainEqual(["env", 1, "value"]);
        expect(value.metadata).toEqual({});
    });

    it("of a Secret are all of its data and what kubectl noted of it", () => {
        const { secrets } = outputsOf(
            { apiVersion: "v1", kind: "Secret", data: {} },
            { value: {}, secrets: [] },
            "manager",
        );

        expect(secrets).toEqual([
            ["data"],
            ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"],
        ]);
    });
});

import { JsonObject } from "../../../../../toolchain/providers/base/json";
import { formatPath } from "../../../../../toolchain/providers/base/paths";
import { isUnready, replacedWhole } from "../../../../../toolchain/providers/kubernetes/replace-unready";

const job = (value: string | undefined, kind = "Job"): JsonObject => ({
    apiVersion: kind === "Job" ? "batch/v1" : "apps/v1",
    kind,
    metadata: {
        name: "migration-1a2b",
        namespace: "shop",
        ...(value !== undefined && { annotations: { "pulumi.com/replaceUnready": value } }),
    },
});
const ended = (...conditions: string[]): JsonObject => ({
    ...job("true"),
    status: { conditions: conditions.map((type) => ({ type, status: "True" })) },
});
const clusterOf = (answer: JsonObject | undefined | Error) => ({
    find: jest.fn(async () => {
        if (answer instanceof Error) throw answer;
        return answer;
    }),
});
const failed = ended("FailureTarget", "Failed");

describe("a Job that asks to be replaced while it is not complete", () => {
    it.each([
        ["has failed", failed, true],
        ["still runs", ended(), true],
        ["is complete", ended("SuccessCriteriaMet", "Complete"), false],
        ["is gone", undefined, false],
        ["cannot be read", new Error("forbidden"), false],
    ])("that %s: %#", async (_what, live, expected) => {
        await expect(isUnready(clusterOf(live), job("true"), failed)).resolves.toBe(expected);
    });

    it.each([
        ["does not ask", job(undefined)],
        ["says no", job("false")],
        ["is a Deployment", job("true", "Deployment")],
    ])("leaves alone what %s, and does not read it", async (_what, news) => {
        const cluster = clusterOf(failed);
        await expect(isUnready(cluster, news, failed)).resolves.toBe(false);
        expect(cluster.find).not.toHaveBeenCalled();
    });

    it("looks at the one of the state, whose name Pulumi made up", async () => {
        const cluster = clusterOf(failed);
        await isUnready(
            cluster,
            { ...job("true"), metadata: { annotations: { "pulumi.com/replaceUnready": "true" } } },
            failed,
        );
        expect(cluster.find).toHaveBeenCalledWith(
            expect.objectContaining({ kind: "Job", namespace: "shop", name: "migration-1a2b" }),
        );
    });

    it("shows beside other changes why it is replaced", () => {
        const change = { path: ["metadata", "labels"], change: "update" } as const;
        const { differences, replaces = [] } = replacedWhole({ differences: [change] });
        const cause = 'metadata.annotations["pulumi.com/replaceUnready"]';
        expect(differences.map(({ path }) => formatPath(path))).toEqual(["metadata.labels", cause]);
        expect(replaces.map(({ path }) => formatPath(path))).toEqual([cause]);
    });
});

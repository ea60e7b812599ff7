import { references } from "../../../images/catalogue";
import { buildPlatform } from "../../../infra/platform";
import { clusterOf, resolve } from "../../../infra/resolve";
import { record, Registered } from "../../support/mocks";

const input = {
    environment: "local",
    cluster: { kind: "embedded", gpuPools: [{ name: "simulated", gpusPerNode: 4 }] },
    pipelines: { enabled: false },
    modelRegistry: { enabled: false },
    queueing: { enabled: true },
    teams: [{ name: "vision", gpus: { nominal: 1, borrow: 2 }, quota: { cpu: "8" } }, { name: "language" }],
};

interface Queue {
    readonly metadata: { readonly name: string; readonly namespace?: string };
    readonly spec: {
        readonly clusterQueue?: string;
        readonly resourceGroups?: readonly {
            readonly flavors: readonly {
                readonly name: string;
                readonly resources: readonly { readonly name: string; readonly nominalQuota: string }[];
            }[];
        }[];
    };
}

describe("a platform with queues", () => {
    let resources: Registered[];
    beforeAll(async () => {
        const spec = resolve(input, references());
        resources = await record(() =>
            buildPlatform({
                spec,
                cluster: clusterOf(spec, "test", "1.36"),
                kubeconfig: "kubeconfig",
                context: "test",
                images: { references: references() },
            }),
        );
    });
    const ofKind = (kind: string) =>
        resources.filter(({ type }) => type.endsWith(`:${kind}`)).map(({ inputs }) => inputs as unknown as Queue);

    it("never lets a namespace have more than its queue, nor a queue more than its namespace", () => {
        const hardOf = (namespace: string) =>
            (
                ofKind("ResourceQuota").find(({ metadata }) => metadata.namespace === namespace)?.spec as {
                    hard: Record<string, string>;
                }
            ).hard;
        expect(hardOf("team-vision")).toMatchObject({ "requests.nvidia.com/gpu": "3", "requests.cpu": "8" });
        expect(hardOf("team-language")).toMatchObject({ "requests.nvidia.com/gpu": "4" });

        for (const { metadata, spec } of ofKind("ClusterQueue")) {
            const [rest] = spec.resourceGroups ?? [];
            const quota = Object.fromEntries(
                (rest?.flavors[0]?.resources ?? []).map(({ name, nominalQuota }) => [name, nominalQuota]),
            );
            const hard = hardOf(metadata.name);
            expect(quota).toEqual({ cpu: hard["requests.cpu"], memory: hard["requests.memory"], pods: hard.pods });
        }
    });

    it("gives away all GPUs, and each team a queue of its namespace", () => {
        const gpus = ofKind("ClusterQueue").map(({ spec }) => spec.resourceGroups?.[1]?.flavors[0]?.resources[0]);
        expect(gpus.map((one) => one?.nominalQuota).sort()).toEqual(["1", "3"]);
        expect(
            ofKind("LocalQueue").map(({ metadata, spec }) => [metadata.namespace, metadata.name, spec.clusterQueue]),
        ).toEqual([
            ["team-vision", "default", "team-vision"],
            ["team-language", "default", "team-language"],
        ]);
    });

    it("shows members what waits, and for what", () => {
        const roles = ofKind("Role").filter(({ metadata }) => metadata.name === "member");
        for (const role of roles as unknown as { rules: { resources: string[]; verbs: string[] }[] }[]) {
            const rule = role.rules.find(({ resources: named }) => named.includes("workloads"));
            expect(rule?.verbs).toEqual(["get", "list", "watch"]);
        }
        expect(roles).toHaveLength(2);
    });
});

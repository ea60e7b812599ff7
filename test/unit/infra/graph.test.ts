import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Graph, graphOf, STACKS, treeOf } from "./graph";

// Bulk without a decision in it: their names are enough, and ten times faster.
jest.mock("../../../components/training/crds.json", () => bare("../../../components/training/crds.json"));
jest.mock("../../../components/pipelines/crds.json", () => bare("../../../components/pipelines/crds.json"));
jest.mock("../../../components/autoscaling/crds.json", () => bare("../../../components/autoscaling/crds.json"));

function bare(file: string): unknown {
    const { crds } = jest.requireActual<{ crds: { metadata: object; spec: object }[] }>(file);
    return { crds: crds.map((crd) => ({ ...crd, spec: { ...crd.spec, versions: [] } })) };
}

const golden = (stack: string) => join(__dirname, "golden", `${stack}.txt`);

describe.each(STACKS)("the resources of %s", (stack) => {
    let graph: Graph;
    beforeAll(async () => {
        graph = await graphOf(stack);
    }, 120_000);

    it("are those of the reviewed tree (UPDATE=1 writes it anew)", () => {
        const tree = `${treeOf(graph.nodes).join("\n")}\n`;
        if (process.env.UPDATE === "1" || !existsSync(golden(stack))) writeFileSync(golden(stack), tree);
        expect(tree).toBe(readFileSync(golden(stack), "utf8"));
    });

    it("stand each in the tree once", () => {
        expect(treeOf(graph.nodes)).toHaveLength(graph.nodes.length);
        expect(new Set(graph.nodes.map(({ urn }) => urn)).size).toBe(graph.nodes.length);
    });

    it("have each a provider that the program names", () => {
        const without = graph.resources.filter(
            ({ type, provider, custom }) =>
                (custom || type.startsWith("eks:")) && !type.startsWith("pulumi:") && provider === "",
        );
        expect(without.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
    });

    it("are protected where losing them hurts, and nowhere in dev", () => {
        const kept = graph.nodes.filter(({ protect }) => protect).map(({ type }) => type);
        if (stack === "dev") expect(kept).toEqual([]);
        else expect(kept.length).toBeGreaterThan(0);
    });
});

describe("the first preview, when no cluster is there", () => {
    it.each(["dev", "prod"])(
        "of %s lists every Kubernetes object",
        async (stack) => {
            const kubernetes = ({ nodes }: Graph) =>
                treeOf(nodes)
                    .filter((line) => /^ *kubernetes:/.test(line))
                    .map((line) => line.trim())
                    .sort();
            const afterwards = kubernetes(await graphOf(stack));
            expect(afterwards.length).toBeGreaterThan(30);
            expect(kubernetes(await graphOf(stack, { preview: true, emptyClusterStack: true }))).toEqual(afterwards);
        },
        120_000,
    );
});

it("a platform refuses a cluster that is not there, or not as its stack file has it", async () => {
    await expect(graphOf("prod", { emptyClusterStack: true })).rejects.toThrow(
        /stack prod-cluster has none yet\)\. Update it first: `mlp up --env prod --layer cluster`/,
    );
});

import { costsOf, planOf } from "../../../infra/plan";
import { specOf } from "./graph";

describe("the plan of a stack", () => {
    it("says where what would be, and what it costs by pool", () => {
        const text = planOf("prod-cluster", specOf("prod-cluster")).join("\n");
        for (const said of [
            /^stack prod-cluster\n {2}environment +prod, protected against deletion$/m,
            /EKS mlp-prod, Kubernetes 1\.36, eu-west-1, account 111122223333/,
            /API server +within the VPC alone/,
            /GPU pool train +p5\.48xlarge, 8 × H100; reserved; 2 to 2 nodes by a node group; eu-west-1a/,
            /GPU pool tune .*; spot; 0 to 16 nodes by Karpenter/,
            /storage +gp3, EFS, FSx for Lustre of 4800 GiB in eu-west-1a/,
            /budget +90000 USD a month; ml-platform@example\.org/,
            /^ {2}USD a month +at least +at most$/m,
            /^ {2}together +\d+ +\d+ /m,
        ]) {
            expect(text).toMatch(said);
        }
    });

    it("leaves the cluster's costs to the cluster's stack, and tells which images run", () => {
        const text = planOf("prod", specOf("prod")).join("\n");
        expect(text).not.toContain("USD");
        expect(text).toMatch(/runtime torch +111122223333\.dkr\.ecr\.[^ ]+@sha256:[0-9a-f]{64}/);
    });

    it("adds up what the pools cost", () => {
        const cluster = specOf("dev").cluster;
        if (cluster.kind !== "eks") throw new Error("dev is on AWS");
        const figures = costsOf(cluster.eks)
            .slice(1)
            .map((line) => /^(.+?) {2,}(\d+) +(\d+)/.exec(line) ?? []);
        const sum = (column: number) => figures.slice(0, -1).reduce((all, row) => all + Number(row[column]), 0);
        const [, , least, most] = figures.at(-1) ?? [];
        // Each is rounded by itself.
        expect(Math.abs(sum(2) - Number(least))).toBeLessThan(figures.length);
        expect(Math.abs(sum(3) - Number(most))).toBeLessThan(figures.length);
    });
});

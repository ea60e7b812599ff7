import { KUBERNETES_SUPPORT } from "../../components/cluster/eks/kubernetes-support";
import { EKS_VERSIONS } from "../../policies/aws/kubernetesSupport";
import { judged } from "./harness";
import { cluster } from "./fixtures/eks";
import { changed } from "./resources";

describe("the table of EKS versions", () => {
    it("says what the components' table says, which policies may not import", () => {
        expect(EKS_VERSIONS).toEqual(
            KUBERNETES_SUPPORT.map(({ version, standardEnds }) => ({ version, standardEnds })),
        );
    });

    it.each(KUBERNETES_SUPPORT.map(({ version, standardEnds }) => [version, standardEnds]))(
        "refuses %s from the day after %s on",
        async (version, ends) => {
            const next = new Date(Date.parse(ends) + 86_400_000).toISOString().slice(0, 10);
            const at = (today: string) => judged(changed(cluster, "version", version), "prod", { today });
            expect((await at(ends)).violations["eks-supported-version"]).toBeUndefined();
            expect((await at(next)).violations["eks-supported-version"]).toHaveLength(1);
        },
    );

    it("asks for a newer table once every version in it has ended", async () => {
        const { violations } = await judged(cluster, "prod", { today: "2099-01-01" });
        expect(violations["eks-supported-version"]?.[0]).toContain("none: the table is out of date");
    });
});

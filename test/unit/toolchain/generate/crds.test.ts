import { CRD_TARGETS, generateCrds, withoutDescriptions } from "../../../../toolchain/generate/crds";

const shipped = CRD_TARGETS.flatMap((target) => (target.kind === "shipped" ? [target] : []));

describe("CustomResourceDefinitions read from a Go module", () => {
    it("lose their texts, but not a property that is called description", () => {
        const schema = {
            description: "A text.",
            properties: {
                description: { type: "string", description: "Another." },
                names: [{ description: "x", a: 1 }],
            },
        };
        expect(withoutDescriptions(schema)).toEqual({
            properties: { description: { type: "string" }, names: [{ a: 1 }] },
        });
    });

    it("are refused when the module is not the one whose checksum is written down", () => {
        for (const target of shipped) {
            const other = { ...target, module: { ...target.module, sum: "h1:another" } };
            expect(() => generateCrds("unused", "unused", other)).toThrow(/has the checksum h1:.*, not h1:another/);
        }
    });

    it("are the kinds of Karpenter for AWS", () => {
        const [target] = shipped;
        const { crds } = JSON.parse(generateCrds("unused", "unused", target!)) as {
            crds: { metadata: { name: string } }[];
        };
        expect(crds.map(({ metadata }) => metadata.name)).toEqual([
            "ec2nodeclasses.karpenter.k8s.aws",
            "nodeclaims.karpenter.sh",
            "nodepools.karpenter.sh",
        ]);
    });
});

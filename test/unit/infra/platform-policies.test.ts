import { references } from "../../../images/catalogue";
import { buildPlatform } from "../../../infra/platform";
import { clusterOf, resolve } from "../../../infra/resolve";
import { contextOf } from "../../../policies/context";
import { Property } from "../../../policies/property";
import { describe as tell, evaluate } from "../../../policies/rule";
import { RULES } from "../../../policies/rules";
import { waiversOf } from "../../../policies/waivers";
import { record } from "../../support/mocks";

// Plain data of four kinds that no rule looks at, and nine tenths of the bytes.
jest.mock("../../../components/training/crds.json", () => ({ crds: [] }));
jest.mock("../../../components/pipelines/crds.json", () => ({ crds: [] }));
jest.mock("../../../components/gateway/gateway-api-crds.json", () => ({ crds: [] }));
jest.mock("../../../components/gateway/envoy-gateway-crds.json", () => ({ crds: [] }));

const today = new Date().toISOString().slice(0, 10);
const RESOURCE_RULES = RULES.filter((rule) => rule.scope === "resource");
const rules = new Set(RULES.map(({ id }) => id));

/** What the pack says of a platform as it would be deployed, waivers taken into account. */
async function findingsOf(input: {
    readonly environment: "local" | "prod";
    readonly cluster: object;
}): Promise<string[]> {
    const spec = resolve(input, references());
    const cluster = clusterOf(spec, "test", "1.36");
    const images = { references: references() };
    const resources = await record(() =>
        buildPlatform({ spec, cluster, kubeconfig: "kubeconfig", context: "test", images }),
    );
    const context = contextOf({ environment: input.environment, today });
    return resources.flatMap(({ type, name, inputs }) => {
        const resource = { type, name, props: Property.root(inputs), protect: false };
        const waived = new Set(waiversOf(resource, { rules, today }).inForce.map(({ rule }) => rule));
        return RESOURCE_RULES.filter(({ id }) => !waived.has(id)).flatMap((rule) =>
            evaluate(rule, resource, context).findings.map((finding) => `${rule.id} ${name}: ${tell(rule, finding)}`),
        );
    });
}

const TEAMS = { teams: [{ name: "vision" }] };

describe("our own platform under our own policies", () => {
    jest.setTimeout(120_000);
    it("breaks no rule locally, but for digests, which only a registry can give, and for workflows without a template", async () => {
        const local = {
            ...TEAMS,
            environment: "local" as const,
            cluster: { kind: "embedded", gpuPools: [{ name: "a", gpusPerNode: 2 }] },
        };
        const rules = (await findingsOf(local)).map((text) => text.split(" ")[0]);
        // Advice outside prod: whoever tries something out writes workflows of his own.
        expect([...new Set(rules)].sort()).toEqual(["argo-template-referencing", "pod-image-digest"]);
    });

    it("breaks no further rule with a gateway and sign-in", async () => {
        const entrance = { gateway: { enabled: true, replicas: 2 } };
        const local = { ...TEAMS, ...entrance, environment: "local" as const, cluster: { kind: "embedded" } };
        const found = (await findingsOf(local)).filter((text) => !/^(argo-template|pod-image-digest)/.test(text));
        expect(found).toEqual([]);
    });

    it("breaks no rule in prod, but for digests, and for stores that only a cloud has", async () => {
        const prod = { ...TEAMS, environment: "prod" as const, cluster: { kind: "existing", name: "prod" } };
        const rules = (await findingsOf(prod)).map((text) => text.split(" ")[0]);
        expect([...new Set(rules)].sort()).toEqual(["database-managed", "no-static-object-keys", "pod-image-digest"]);
    });
});

import { references } from "../../../images/catalogue";
import { buildPlatform } from "../../../infra/platform";
import { clusterOf, resolve } from "../../../infra/resolve";
import { record } from "../../support/mocks";

// A committed file is the same every time; without it ten renderings take seconds instead of minutes.
jest.mock("../../../components/training/crds.json", () => ({ crds: [] }));
jest.mock("../../../components/pipelines/crds.json", () => ({ crds: [] }));

async function render(): Promise<string> {
    const cluster = { kind: "embedded", gpuPools: [{ name: "a", gpusPerNode: 2 }] };
    const spec = resolve({ environment: "local", cluster, teams: [{ name: "vision" }] }, references());
    const args = {
        spec,
        cluster: clusterOf(spec, "test", "1.36"),
        kubeconfig: "kubeconfig",
        context: "test",
        images: { references: references() },
    };
    const resources = await record(() => buildPlatform(args));
    const lines = resources.map(({ type, name, inputs }) => JSON.stringify([type, name, inputs]));
    return lines.sort().join("\n");
}

it("ten renderings of the platform give the same bytes", async () => {
    const first = await render();
    expect(first.split("\n").length).toBeGreaterThan(30);
    for (let run = 1; run < 10; run++) expect(await render()).toBe(first);
}, 180_000);

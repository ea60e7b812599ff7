import { references } from "../../../images/catalogue";
import { buildPlatform } from "../../../infra/platform";
import { clusterOf, resolve } from "../../../infra/resolve";
import { record } from "../../support/mocks";
import { NetworkReach } from "../../support/network-reach";

const input = {
    environment: "local",
    cluster: { kind: "embedded", gpuPools: [{ name: "simulated", gpusPerNode: 4 }] },
    teams: [{ name: "vision" }, { name: "language" }],
};

let reach: NetworkReach;
beforeAll(async () => {
    const spec = resolve(input, references());
    const images = { references: references() };
    const cluster = clusterOf(spec, "test", "1.36");
    const resources = await record(() =>
        buildPlatform({ spec, cluster, kubeconfig: "kubeconfig", context: "test", images }),
    );
    reach = new NetworkReach(resources);
    for (const team of ["vision", "language"]) reach.add(`team-${team}`, "step");
    reach.add("default", "stranger");
}, 120_000);

const [POSTGRES, STORE, MLFLOW, ARGO] = [
    ["mlp-data/postgres", 5432],
    ["mlp-data/seaweedfs", 8333],
    ["mlp-registry/mlflow", 5000],
    ["mlp-pipelines/argo-server", 2746],
] as const;
const STEP = "team-vision/step";

/** Every way that the platform needs: a policy that forgets one shows only where policies are enforced. */
const NEEDED = [
    ["mlp-data/argo-database", POSTGRES],
    ["mlp-data/mlflow-database", POSTGRES],
    ["mlp-pipelines/workflow-controller", POSTGRES],
    ["mlp-pipelines/argo-server", POSTGRES],
    ["mlp-pipelines/argo-server", STORE],
    ["mlp-registry/mlflow-migration", POSTGRES],
    ["mlp-registry/mlflow", POSTGRES],
    ["mlp-registry/mlflow", STORE],
    ["mlp-registry/mlflow-object-store", STORE],
    ["mlp-data/postgres-backup", POSTGRES],
    ["mlp-data/postgres-backup", STORE],
    ["mlp-data/postgres-backup-objects-object-store", STORE],
    ["team-vision/team-vision-object-store", STORE],
    [STEP, STORE],
    [STEP, MLFLOW],
    [STEP, ARGO],
] as const;

/** What nobody needs and somebody could try. */
const CLOSED = [
    [STEP, POSTGRES],
    [STEP, ["mlp-data/seaweedfs", 18333]],
    [STEP, ["mlp-pipelines/workflow-controller", 9090]],
    [STEP, ["team-language/step", 8080]],
    ["default/stranger", POSTGRES],
    ["default/stranger", MLFLOW],
    ["default/stranger", [STEP, 8080]],
    ["mlp-registry/mlflow", [STEP, 8080]],
    ["mlp-pipelines/argo-server", MLFLOW],
] as const;

describe("the network policies of the platform", () => {
    it.each(NEEDED)("let %s reach %j", (from, [to, port]) => expect(reach.reaches(from, to, port)).toBe(true));

    it.each(CLOSED)("keep %s from %j", (from, [to, port]) => expect(reach.reaches(from, to, port)).toBe(false));
});

import { runUnitTests } from "./python";

describe("mlp-registry", () => {
    it("passes its unit tests", () => {
        const { status, stderr } = runUnitTests("test/unit/services/mlflow-plugin", "services/mlflow-plugin");
        expect(stderr).toMatch(/^Ran [1-9]\d* tests/m);
        expect({ status, stderr }).toMatchObject({ status: 0 });
    });
});

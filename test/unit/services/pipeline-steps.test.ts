import { runOwnTests } from "./python";

describe("mlp-steps", () => {
    it("passes its own tests", () => {
        const { status, stderr } = runOwnTests("services/pipeline-steps");
        expect(stderr).toMatch(/^Ran \d\d+ tests/m);
        expect({ status, stderr }).toMatchObject({ status: 0 });
    });
});

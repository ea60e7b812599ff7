import { runOwnTests } from "./python";

describe("mlp-hub", () => {
    it("passes its own tests", () => {
        const { status, stderr } = runOwnTests("services/jupyterhub");
        expect(stderr).toMatch(/^Ran \d\d+ tests/m);
        expect({ status, stderr }).toMatchObject({ status: 0 });
    });
});

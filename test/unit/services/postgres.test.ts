import { runUnitTests } from "./python";

describe("the programs of the image of PostgreSQL", () => {
    it("pass their unit tests", () => {
        const { status, stderr } = runUnitTests("test/unit/services/postgres", "images/postgres/lib");
        expect(stderr).toMatch(/^Ran [1-9]\d* tests/m);
        expect({ status, stderr }).toMatchObject({ status: 0 });
    });
});

import { doctor } from "../../../cli/doctor";

describe("mlp doctor", () => {
    it("tells of an environment on AWS before any image is in a registry", async () => {
        const log = jest.spyOn(console, "log").mockImplementation();
        try {
            await doctor({ env: "dev" });
            const lines = log.mock.calls.flat().join("\n");
            expect(lines).toContain("Pulumi aws provider");
            expect(lines).not.toContain("embedded cluster");
        } finally {
            log.mockRestore();
        }
    });
});

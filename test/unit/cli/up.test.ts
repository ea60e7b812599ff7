import { UserError } from "../../../cli/errors";
import { up } from "../../../cli/up";

describe("mlp up", () => {
    it("updates nothing for --drift without --preview", async () => {
        await expect(up({ env: "dev", preview: false, drift: true })).rejects.toThrow(UserError);
    });
});

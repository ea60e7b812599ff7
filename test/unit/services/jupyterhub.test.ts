import { spawnSync } from "node:child_process";
import { join } from "node:path";

const SERVICE = join(__dirname, "../../../services/jupyterhub");

describe("mlp-hub", () => {
    it("passes its own tests", () => {
        const { status, stderr } = spawnSync("python3", ["-m", "unittest", "discover", "-s", "tests", "-t", "."], {
            cwd: SERVICE,
            env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
            encoding: "utf8",
        });
        expect(stderr).toMatch(/^Ran \d\d+ tests/m);
        expect({ status, stderr }).toMatchObject({ status: 0 });
    });
});

import { execFileSync } from "node:child_process";
import { delimiter } from "node:path";

import { jestLayer } from "../support/layers";
import { otherNode } from "../support/other-node";

jest.setTimeout(20 * 60_000);

it("every unit and policy test passes on a newer Node.js as well", () => {
    const env = { ...process.env, PATH: `${otherNode()}${delimiter}${process.env.PATH ?? ""}` };
    const version = execFileSync("node", ["--version"], { env, encoding: "utf8" }).trim();
    expect(version).not.toBe(process.version);
    const { passed, failed, skipped } = jestLayer(`Node.js ${version}`, ["test/unit", "test/policy"], env);
    expect([passed > 2000, failed, skipped]).toEqual([true, 0, 0]);
});

import { hostChecks } from "../../../cli/host";

const good = { node: "20.20.2", platform: "linux", uid: 0 };
const wrong = (change: object) => hostChecks({ ...good, ...change }).filter(({ cure }) => cure !== undefined);

describe("hostChecks", () => {
    it.each([[{}], [{ node: "22.0.0" }], [{ node: "24.9.0" }]])("finds nothing wrong with %j", (change) => {
        expect(wrong(change)).toEqual([]);
    });

    it.each([
        [{ uid: 1000 }, "root", /run it as root.*cluster\.kind: existing/],
        [{ uid: undefined }, "root", /run it as root/],
        [{ node: "20.19.9" }, "Node.js", /20\.20 or newer/],
        [{ platform: "darwin" }, "operating system", /Linux.*existing/],
    ])("says what to do about %j", (change, name, cure) => {
        expect(wrong(change)).toEqual([expect.objectContaining({ name, cure: expect.stringMatching(cure) as string })]);
    });
});

import { Host, hostChecks, thisHost } from "../../../cli/host";

const good: Host = {
    node: "20.20.2",
    platform: "linux",
    architecture: "x64",
    uid: 0,
    mayMakeNamespaces: true,
    go: { found: "go1.26.8" },
    cache: { folder: "/cache", freeGigabytes: 20, cold: true },
    port: { found: "127.0.0.1:26443" },
};
const wrong = (change: Partial<Host>, kind?: "existing") =>
    hostChecks({ ...good, ...change }, kind).filter(({ cure }) => cure !== undefined);
const small = { folder: "/cache", freeGigabytes: 14.9 };
const taken = { found: "127.0.0.1:1 is taken", cure: "choose another" };

describe("hostChecks", () => {
    it.each([
        [{}],
        [{ node: "22.0.0" }],
        [{ node: "24.9.0" }],
        [{ architecture: "arm64" }],
        [{ cache: { ...small, cold: false } }],
    ])("finds nothing wrong with %j", (change) => {
        expect(wrong(change)).toEqual([]);
    });

    it.each([
        [{ uid: 1000, mayMakeNamespaces: false }, "root", /run it as root.*cluster\.kind: existing/],
        [{ uid: undefined }, "root", /run it as root/],
        [{ mayMakeNamespaces: false }, "CAP_SYS_ADMIN", /privileged/],
        [{ node: "20.19.9" }, "Node.js", /20\.20 or newer/],
        [{ platform: "darwin" }, "operating system", /Linux.*existing/],
        [{ architecture: "riscv64" }, "architecture", /x64 or arm64/],
        [{ go: { found: "missing", cure: "install Go" } }, "Go", /install Go/],
        [{ cache: { ...small, cold: true } }, "free disk", /15 GB.*XDG_CACHE_HOME/],
        [{ port: taken }, "API server's port", /choose another/],
    ])("says what to do about %j", (change, name, cure) => {
        expect(wrong(change)).toEqual([expect.objectContaining({ name, cure: expect.stringMatching(cure) as string })]);
    });

    it("demands of a machine with a cluster elsewhere neither root nor Linux nor room for a whole Kubernetes", () => {
        const cache = { ...small, cold: true };
        const change = { uid: 1000, platform: "darwin", architecture: "riscv64", port: taken, cache };
        expect(wrong(change, "existing")).toEqual([]);
        expect(wrong({ node: "18.0.0" }, "existing")).toMatchObject([{ name: "Node.js" }]);
    });
});

describe("thisHost", () => {
    const { MLP_API_PORT } = process.env;
    afterEach(() => {
        if (MLP_API_PORT === undefined) delete process.env.MLP_API_PORT;
        else process.env.MLP_API_PORT = MLP_API_PORT;
    });

    it("knows this machine", async () => {
        const { node, cache } = await thisHost();
        expect(node).toBe(process.versions.node);
        expect(cache.freeGigabytes).toBeGreaterThan(0);
    });

    it("refuses what is no port", async () => {
        process.env.MLP_API_PORT = "many";
        expect((await thisHost()).port).toEqual({
            found: "many",
            cure: expect.stringMatching(/many is not a port/) as string,
        });
    });
});

import { imagesToImport } from "../../../../toolchain/cluster/images";
import { socketPath } from "../../../../toolchain/cluster/layout";
import {
    checkPreconditions,
    chooseApiPort,
    chooseNetworkPolicies,
    mayMakeNamespaces,
} from "../../../../toolchain/cluster/preconditions";
import { ClusterError } from "../../../../toolchain/cluster/types";

describe("imagesToImport", () => {
    const image = (reference: string, digest: string) => ({ reference, digest, archive: `/${reference}.tar` });

    it("takes what is new, changed or was removed, and nothing else", () => {
        const images = [image("same", "1"), image("changed", "2"), image("new", "1"), image("removed", "1")];
        const imported = { same: "1", changed: "1", removed: "1" };
        const wanted = imagesToImport(images, imported, new Set(["same", "changed"]));
        expect(wanted.map(({ reference }) => reference)).toEqual(["changed", "new", "removed"]);
    });
});

describe("chooseApiPort", () => {
    it("prefers the option, then the variable, then the port of last time, then the default", () => {
        expect(chooseApiPort(1000, "2000", 3000)).toBe(1000);
        expect(chooseApiPort(undefined, "2000", 3000)).toBe(2000);
        expect(chooseApiPort(undefined, "", 3000)).toBe(3000);
        expect(chooseApiPort(undefined, "")).toBe(26443);
    });

    it("refuses what is no port, naming it and what is allowed", () => {
        expect(() => chooseApiPort(undefined, "http")).toThrow(
            "MLP_API_PORT: http is not a port (allowed: 1 to 65535).",
        );
        expect(() => chooseApiPort(70000, undefined)).toThrow("70000 is not a port");
    });
});

describe("chooseNetworkPolicies", () => {
    it("takes the variable, then the option, then no", () => {
        expect(chooseNetworkPolicies(true, "0")).toBe(false);
        expect(chooseNetworkPolicies(false, "1")).toBe(true);
        expect(chooseNetworkPolicies(true, "")).toBe(true);
        expect(chooseNetworkPolicies(undefined, "")).toBe(false);
    });

    it("refuses anything else", () => {
        expect(() => chooseNetworkPolicies(true, "yes")).toThrow("MLP_NETWORK_POLICIES: yes is neither 0 nor 1.");
    });
});

describe("checkPreconditions", () => {
    it("asks for root before anything else", () => {
        const getuid = jest.spyOn(process, "getuid").mockReturnValue(1000);
        const check = () => checkPreconditions({ binaries: {}, images: [] });
        expect(check).toThrow(ClusterError);
        expect(check).toThrow(/needs root.*sudo/);
        getuid.mockRestore();
    });
});

describe("mayMakeNamespaces", () => {
    it("tells a full root from one in an ordinary container", () => {
        expect(mayMakeNamespaces("Name:\tnode\nCapEff:\t000001fffeffffff\n")).toBe(true);
        expect(mayMakeNamespaces("Name:\tnode\nCapEff:\t00000000a80425fb\n")).toBe(false);
    });
});

describe("socketPath", () => {
    it("refuses a folder that is too deep for a socket, with the cure", () => {
        expect(() => socketPath(`/${"x".repeat(120)}`, "control.sock")).toThrow(/at most 107 bytes.*XDG_DATA_HOME/);
    });
});

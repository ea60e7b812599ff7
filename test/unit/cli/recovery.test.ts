import { candidatesOf, PendingOperation, settlingArguments } from "../../../cli/recovery";

const pending = (type: string, inputs: PendingOperation["resource"]["inputs"]): PendingOperation => ({
    type,
    resource: { urn: `urn:${type}`, type: "t", ...(inputs && { inputs }) },
});

describe("candidatesOf", () => {
    it("looks a namespaced object up by kind, group and the name it was given", () => {
        const inputs = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a", namespace: "n" } };
        expect(candidatesOf([pending("creating", inputs)])).toEqual([
            { urn: "urn:creating", id: "n/a", lookUp: ["Deployment.v1.apps", "a", "--namespace", "n"] },
        ]);
    });

    it("looks a cluster-wide core object up by its kind alone", () => {
        const inputs = { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } };
        expect(candidatesOf([pending("creating", inputs)])).toMatchObject([{ id: "n", lookUp: ["Namespace", "n"] }]);
    });

    it("leaves alone what was not being created, and what is no Kubernetes object", () => {
        const inputs = { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } };
        expect(candidatesOf([pending("updating", inputs), pending("creating", undefined)])).toEqual([]);
    });
});

describe("settlingArguments", () => {
    it("imports what exists and clears the rest", () => {
        expect(settlingArguments([{ urn: "u", id: "n/a", lookUp: [] }])).toEqual([
            "--import-pending-creates",
            "u",
            "--import-pending-creates",
            "n/a",
            "--clear-pending-creates",
        ]);
    });
});

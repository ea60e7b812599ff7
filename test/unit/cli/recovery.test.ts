import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
    candidatesOf,
    isPulumis,
    locksOf,
    PendingOperation,
    removeBrokenDrafts,
    settled,
    unsettled,
} from "../../../cli/recovery";
import { dataDir } from "../../../toolchain/paths";
import { temporaryData } from "./temporary-data";

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

describe("settled", () => {
    const inputs = { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } };
    const before = { urn: "urn:before" };
    const open = [pending("creating", inputs), pending("updating", inputs)];
    const state = { version: 3, deployment: { manifest: {}, resources: [before], pending_operations: open } };

    it("makes what exists a resource under its id, after all others", () => {
        expect(settled(state, candidatesOf(open))).toEqual({
            version: 3,
            deployment: {
                manifest: {},
                resources: [before, { ...open[0]!.resource, id: "n" }],
                pending_operations: [],
            },
        });
    });

    it("puts a replacement in the place of its predecessor, which is still to be deleted", () => {
        const old = { urn: "urn:creating", id: "old" };
        const { deployment } = settled(
            { deployment: { ...state.deployment, resources: [old, before] } },
            candidatesOf(open),
        );
        expect(deployment?.resources).toEqual([{ ...open[0]!.resource, id: "n" }, before, { ...old, delete: true }]);
    });

    it("forgets what does not exist, and unfinished updates", () => {
        expect(settled(state, []).deployment).toMatchObject({ resources: [before], pending_operations: [] });
    });
});

describe("removeBrokenDrafts", () => {
    temporaryData();

    it("removes drafts and empty attributes of the stack, and nothing else", () => {
        const folder = dataDir("state", ".pulumi", "stacks", "p");
        mkdirSync(folder, { recursive: true });
        const whole = ["s.json", "s.json.bak.attrs", "other.json.attrs"];
        const broken = ["s.json.attrs", "s.json.18ea.tmp"];
        for (const name of [...whole, ...broken])
            writeFileSync(join(folder, name), name === "s.json.attrs" ? "" : "{}");
        removeBrokenDrafts("p", "s");
        expect(readdirSync(folder).sort()).toEqual([...whole].sort());
        removeBrokenDrafts("nothing", "there");
    });
});

describe("what was being made in AWS when the engine was killed", () => {
    it("stays open in the state until somebody has looked, and all else is settled", () => {
        const inAws: PendingOperation = { type: "creating", resource: { urn: "urn:vpc", type: "aws:ec2/vpc:Vpc" } };
        const operations = [pending("updating", undefined), inAws];
        expect(unsettled(operations)).toEqual([inAws]);
        const state = { deployment: { resources: [], pending_operations: operations } };
        expect(settled(state, []).deployment).toEqual({ resources: [], pending_operations: [inAws] });
    });
});

describe("isPulumis", () => {
    it.each([
        [[{ manager: "pulumi-kubernetes-1a2b" }], true],
        [[{ manager: "kubectl" }], false],
        [undefined, false],
    ])("of an object managed by %j is %s", (managedFields, expected) => {
        expect(isPulumis({ metadata: managedFields === undefined ? {} : { managedFields } })).toBe(expected);
    });
});

describe("locksOf", () => {
    temporaryData();
    const write = (name: string, text: string) => {
        const folder = dataDir("state", ".pulumi", "locks", "organization", "p", "s");
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, name), text);
    };

    it("finds none where there never was one", async () => {
        expect(await locksOf("p", "s")).toEqual([]);
    });

    it("takes another program that has got the number of an engine for no engine", async () => {
        write("a.json", JSON.stringify({ pid: process.pid }));
        write("b.json", JSON.stringify({ pid: 2 ** 22 + 1 }));
        expect(await locksOf("p", "s")).toEqual([
            { pid: process.pid, alive: false },
            { pid: 2 ** 22 + 1, alive: false },
        ]);
    });

    it("waits for a lock that is being written", async () => {
        write("a.json", '{"pid"');
        setTimeout(() => write("a.json", '{"pid": 1}'), 150);
        expect(await locksOf("p", "s")).toEqual([{ pid: 1, alive: false }]);
    });

    it("takes a lock that stays half written for what a killed engine left", async () => {
        write("a.json", "");
        write("draft", "");
        expect(await locksOf("p", "s")).toEqual([{ pid: undefined, alive: false }]);
    });
});

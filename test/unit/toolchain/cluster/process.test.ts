import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Component } from "../../../../toolchain/cluster/component";
import { boundLog, lastLines, SupervisedProcess } from "../../../../toolchain/cluster/process";

const folder = mkdtempSync(join(tmpdir(), "process-"));
afterAll(() => rmSync(folder, { recursive: true }));

const component = (script: string, socket = join(folder, "never.sock")): Component => ({
    name: "etcd",
    program: "sh",
    args: ["-c", script],
    env: {},
    files: {},
    ready: { socket },
    after: [],
});

describe("SupervisedProcess", () => {
    it("starts what died again, says so, and stops for good when asked", async () => {
        const said: string[] = [];
        const restarted = new Promise<void>((resolve) => {
            const supervised = new SupervisedProcess(component("exit 3"), folder, "/host/logs", (line) => {
                said.push(line);
                if (said.length === 2) void supervised.stop(100).then(resolve);
            });
            supervised.start();
        });
        await restarted;
        expect(said).toEqual([
            "etcd ended with code 3; starting it again in 0.25 s (log: /host/logs/etcd.log)",
            "etcd ended with code 3; starting it again in 0.5 s (log: /host/logs/etcd.log)",
        ]);
        await new Promise((resolve) => setTimeout(resolve, 600));
        expect(said).toHaveLength(2);
    });

    it("is ready once its probe is answered", async () => {
        const socket = join(folder, "ready.sock");
        const server = createServer().listen(socket);
        const supervised = new SupervisedProcess(component("exec sleep 60", socket), folder, folder, () => undefined);
        supervised.start();
        await supervised.becomesReady(2_000);
        expect(supervised.status).toMatchObject({ ready: true, restarts: 0 });
        await supervised.stop(1_000);
        expect(supervised.status.pid).toBeUndefined();
        server.close();
    });

    it("tells how a component that never became ready ended, with the end of its log", async () => {
        const supervised = new SupervisedProcess(component("echo no disk; exit 1"), folder, folder, () => undefined);
        supervised.start();
        await expect(supervised.becomesReady(200)).rejects.toThrow(
            /^etcd did not become ready within 0\.2 s \(it last ended with code 1\); its log ends: .*no disk$/,
        );
        await supervised.stop(100);
    });
});

describe("boundLog", () => {
    it("moves a log aside when it is over the limit, under the feet of its writer", () => {
        const log = join(folder, "long.log");
        appendFileSync(log, "a".repeat(100));
        boundLog(log, 100);
        expect(existsSync(`${log}.1`)).toBe(false);
        appendFileSync(log, "b");
        boundLog(log, 100);
        expect(statSync(log).size).toBe(0);
        expect(readFileSync(`${log}.1`, "utf8")).toHaveLength(101);
    });
});

describe("lastLines", () => {
    it("says when there is no log to show", () => {
        expect(lastLines(join(folder, "missing.log"), 3)).toMatch(/^\(unreadable: ENOENT/);
    });
});

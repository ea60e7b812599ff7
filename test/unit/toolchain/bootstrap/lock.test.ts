import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Interrupted } from "../../../../toolchain/bootstrap/errors";
import { withLock } from "../../../../toolchain/bootstrap/lock";
import { cacheDir } from "../../../../toolchain/paths";
import { useTemporaryCache } from "./temporary-cache";

useTemporaryCache();

const path = () => cacheDir("locks", "piece");

function leaveLock(holder: object | string): void {
    mkdirSync(dirname(path()), { recursive: true });
    writeFileSync(path(), typeof holder === "string" ? holder : JSON.stringify(holder));
}

test("only one holder works at a time, and every one gets its turn", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
        most = Math.max(most, ++inside);
        await sleep(20);
        inside--;
    };
    await Promise.all([1, 2, 3].map(() => withLock(path(), {}, work)));
    expect(most).toBe(1);
    expect(existsSync(path())).toBe(false);
});

test("the lock is released when the work fails", async () => {
    await expect(withLock(path(), {}, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(existsSync(path())).toBe(false);
});

test("a lock whose holder has died is taken over without waiting", async () => {
    const dead = spawnSync("true").pid;
    leaveLock({ pid: dead, started: "1", token: "old" });
    const onWait = jest.fn();
    await expect(withLock(path(), { onWait }, async () => "done")).resolves.toBe("done");
    expect(onWait).not.toHaveBeenCalled();
});

test("a lock is taken over when another process has got the holder's id since", async () => {
    leaveLock({ pid: process.pid, started: "1", token: "old" });
    await expect(withLock(path(), {}, async () => "done")).resolves.toBe("done");
});

test("a damaged lock is taken over", async () => {
    leaveLock("{");
    await expect(withLock(path(), {}, async () => "done")).resolves.toBe("done");
});

test("a stale lock that many want at once still has one holder at a time", async () => {
    leaveLock({ pid: spawnSync("true").pid, started: "1", token: "old" });
    let inside = 0;
    const work = async () => {
        expect(++inside).toBe(1);
        await sleep(5);
        inside--;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(path(), {}, work)));
});

test("waiting names the holder once and ends when interrupted", async () => {
    const stop = new AbortController();
    const onWait = jest.fn();
    await withLock(path(), {}, async () => {
        const waiting = withLock(path(), { signal: stop.signal, onWait }, async () => "never");
        setTimeout(() => stop.abort(), 50);
        await expect(waiting).rejects.toThrow(Interrupted);
    });
    expect(onWait.mock.calls).toEqual([[process.pid]]);
});

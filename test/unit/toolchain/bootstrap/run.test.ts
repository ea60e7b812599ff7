import { readFileSync, statSync } from "node:fs";
import { Interrupted, ToolchainError } from "../../../../toolchain/bootstrap/errors";
import { logPath } from "../../../../toolchain/bootstrap/entry";
import { run } from "../../../../toolchain/bootstrap/run";
import { useTemporaryCache } from "./temporary-cache";

useTemporaryCache();

const shell = (script: string, more: object = {}) =>
    run(["sh", "-c", script], { piece: "etcd 3.6.14", log: logPath("etcd"), ...more });

test("a failed command names the piece, the log file and its last lines", async () => {
    const failing = shell("for i in $(seq 1 40); do echo line $i; done; echo 'disk full' >&2; exit 3");
    await expect(failing).rejects.toThrow(ToolchainError);
    const message = await failing.catch((error: Error) => error.message);
    expect(message).toContain("etcd 3.6.14: ");
    expect(message).toContain("failed (exit code 3)");
    expect(message).toContain(logPath("etcd"));
    expect(message).toContain("  disk full");
    expect(message).not.toContain("line 20\n");
});

test("a command that does not exist is told like any other failure", async () => {
    await expect(run(["no-such-command-here"], { piece: "x", log: logPath("x") })).rejects.toThrow(ToolchainError);
});

test("everything that is printed goes to the log, and its last line to the listener", async () => {
    const lines: string[] = [];
    await shell("echo out; sleep 0.1; echo err >&2", { onLine: (line: string) => lines.push(line) });
    expect(readFileSync(logPath("etcd"), "utf8")).toContain("out\nerr\n");
    expect(lines).toEqual(["out", "err"]);
});

test("the log is its owner's alone and keeps no argument beyond what a message would show", async () => {
    await run(["sh", "-c", "exit 0", "sh", "http://user:secret@proxy"], { piece: "x", log: logPath("x") });
    expect(statSync(logPath("x")).mode & 0o777).toBe(0o600);
    expect(readFileSync(logPath("x"), "utf8")).toBe("$ sh -c exit 0 sh …\n");
});

test("interrupting ends the command", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    await expect(shell("sleep 30", { signal: stop.signal })).rejects.toThrow(Interrupted);
});

test("a command that takes too long is ended", async () => {
    await expect(shell("exec sleep 30", { timeoutMs: 100 })).rejects.toThrow("signal SIGTERM");
});

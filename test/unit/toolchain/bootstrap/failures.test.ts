import { asUserError, Interrupted, ToolchainError } from "../../../../toolchain/bootstrap/errors";
import { allOrFirstFailure } from "../../../../toolchain/bootstrap/first-failure";
import { withStep } from "../../../../toolchain/bootstrap/step";
import { progressOn } from "../../../../toolchain/progress";

function interruptedBy(stop: AbortController): Promise<never> {
    return new Promise((_, reject) => stop.signal.addEventListener("abort", () => reject(new Interrupted())));
}

test("the first failure stops what still runs, and is the one that is told", async () => {
    const stop = new AbortController();
    const failing = Promise.reject(new ToolchainError("etcd: broken"));
    await expect(allOrFirstFailure([interruptedBy(stop), failing], stop)).rejects.toThrow("etcd: broken");
    expect(stop.signal.aborted).toBe(true);
});

test("an interruption by the user is told as such", async () => {
    const stop = new AbortController();
    const work = allOrFirstFailure([interruptedBy(stop)], stop);
    stop.abort();
    await expect(work).rejects.toThrow("run the same command again");
});

test("all succeed: nothing is stopped", async () => {
    const stop = new AbortController();
    await allOrFirstFailure([Promise.resolve()], stop);
    expect(stop.signal.aborted).toBe(false);
});

test("a full disk is a user error that names the piece, the place and the cure", () => {
    const full = Object.assign(new Error("ENOSPC"), { code: "ENOSPC", path: "/cache/x" });
    const told = asUserError("etcd 3.6.14", full);
    expect(told).toBeInstanceOf(ToolchainError);
    expect(told).toHaveProperty("message", expect.stringMatching(/^etcd 3.6.14: \/cache\/x: no space is left/));
});

test("a defect of ours keeps its stack", () => {
    const defect = new TypeError("x is undefined");
    expect(asUserError("etcd", defect)).toBe(defect);
});

test("a failed step ends with a line of its own, an interrupted one with none", async () => {
    const lines: string[] = [];
    const progress = progressOn({ write: (text) => lines.push(text) });
    const stop = new AbortController();
    const context = { progress, signal: stop.signal };
    await expect(withStep(context, "etcd", () => Promise.reject(new Error("x")))).rejects.toThrow("x");
    await expect(withStep(context, "image", () => Promise.reject(new Interrupted()))).rejects.toThrow(Interrupted);
    expect(lines).toEqual([expect.stringMatching(/^✗ etcd: failed \(0\.0 s\)\n$/)]);
    stop.abort();
    await expect(withStep(context, "late", async () => ({ value: 1, outcome: "built" }))).rejects.toThrow(Interrupted);
});

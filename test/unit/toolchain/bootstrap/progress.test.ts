import { progressOn } from "../../../../toolchain/progress";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function collector(isTTY: boolean) {
    const written: string[] = [];
    return { written, stream: { isTTY, columns: 60, write: (text: string) => written.push(text) } };
}

test("in a log each piece ends with one line, and a long one says what it waits for every 30 s", () => {
    const { written, stream } = collector(false);
    const step = progressOn(stream).start("Kubernetes 1.36.3");
    step.waiting("compiling x");
    jest.advanceTimersByTime(60_000);
    step.done("built");
    jest.advanceTimersByTime(60_000);
    expect(written).toEqual([
        "… Kubernetes 1.36.3: compiling x (30 s)\n",
        "… Kubernetes 1.36.3: compiling x (60 s)\n",
        "✓ Kubernetes 1.36.3: built (60 s)\n",
    ]);
});

test("on a terminal the last line is redrawn and never wider than the terminal", () => {
    const { written, stream } = collector(true);
    const progress = progressOn(stream);
    const steps = ["etcd", "image"].map((title) => progress.start(title));
    steps[0]?.waiting("compiling something with a very long name");
    expect(written.every((text) => text.startsWith("\r\x1b[K"))).toBe(true);
    expect(written.at(-1)).toMatch(/^\r\x1b\[K.{59}$/u);
    steps.forEach((step) => step.done("built"));
    expect(written.filter((text) => text.includes("✓"))).toHaveLength(2);
    expect(written.at(-1)).toBe("\r\x1b[K");
});

test("what was stopped because something else failed ends without a line", () => {
    const { written, stream } = collector(false);
    progressOn(stream).start("etcd").dropped();
    expect(written).toEqual([]);
});

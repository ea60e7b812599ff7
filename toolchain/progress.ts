/**
 * What a person sees while the toolchain works: one line per piece with its time, and, while something takes long,
 * what it waits for.
 */

/** One piece of work. It ends with exactly one of `done`, `failed` or `dropped`. */
export interface Step {
    /** Says what the step waits for now; printed with the next heartbeat, or at once on a terminal. */
    waiting(reason: string): void;
    done(outcome: string): void;
    failed(cause: string): void;
    /** The step ended because something else failed. */
    dropped(): void;
}

export interface Progress {
    start(title: string): Step;
    /** A line of its own, between the steps. */
    note(line: string): void;
}

/** Where progress goes: `process.stderr`, or a test's collector. */
export interface ProgressStream {
    readonly isTTY?: boolean;
    readonly columns?: number;
    write(text: string): unknown;
}

const HEARTBEAT_MS = 30_000;
const REDRAW_MS = 500;

/** For callers that want no output. */
export const silentProgress: Progress = {
    start: () => ({ waiting() {}, done() {}, failed() {}, dropped() {} }),
    note() {},
};

/** Plain lines in a log, a live last line on a terminal. */
export function progressOn(stream: ProgressStream = process.stderr, heartbeat = HEARTBEAT_MS): Progress {
    return stream.isTTY === true ? new LiveProgress(stream) : new PlainProgress(stream, heartbeat);
}

interface RunningStep {
    readonly title: string;
    readonly started: number;
    reason: string | undefined;
}

abstract class Reporter implements Progress {
    protected readonly running = new Set<RunningStep>();
    private timer: NodeJS.Timeout | undefined;

    constructor(private readonly interval: number) {}

    protected abstract print(line: string): void;
    protected abstract tick(): void;
    protected abstract changed(): void;

    start(title: string): Step {
        const step: RunningStep = { title, started: Date.now(), reason: undefined };
        this.running.add(step);
        // Progress alone must not keep the process alive.
        this.timer ??= setInterval(() => this.tick(), this.interval).unref();
        this.changed();
        return {
            waiting: (reason) => {
                step.reason = reason;
                this.changed();
            },
            done: (outcome) => this.end(step, `✓ ${title}: ${outcome} (${elapsed(step)})`),
            failed: (cause) => this.end(step, `✗ ${title}: ${cause} (${elapsed(step)})`),
            dropped: () => this.end(step, undefined),
        };
    }

    note(line: string): void {
        this.print(line);
    }

    private end(step: RunningStep, line: string | undefined): void {
        if (!this.running.delete(step)) return;
        if (line !== undefined) this.print(line);
        if (this.running.size === 0) {
            clearInterval(this.timer);
            this.timer = undefined;
        }
        this.changed();
    }
}

class PlainProgress extends Reporter {
    constructor(
        private readonly stream: ProgressStream,
        heartbeat: number,
    ) {
        super(heartbeat);
    }

    protected override print(line: string): void {
        this.stream.write(`${line}\n`);
    }

    protected override tick(): void {
        for (const step of this.running) this.print(`… ${describe(step)}`);
    }

    protected override changed(): void {}
}

class LiveProgress extends Reporter {
    constructor(private readonly stream: ProgressStream) {
        super(REDRAW_MS);
    }

    protected override print(line: string): void {
        this.stream.write(`\r\x1b[K${line}\n`);
    }

    protected override tick(): void {
        this.changed();
    }

    protected override changed(): void {
        const line = [...this.running].map(describe).join(" · ");
        const width = Math.max(20, (this.stream.columns ?? 80) - 1);
        this.stream.write(`\r\x1b[K${line.length > width ? `${line.slice(0, width - 1)}…` : line}`);
    }
}

function describe(step: RunningStep): string {
    const reason = step.reason === undefined ? "" : `: ${step.reason}`;
    return `${step.title}${reason} (${elapsed(step)})`;
}

function elapsed({ started }: RunningStep): string {
    const seconds = (Date.now() - started) / 1000;
    if (seconds < 10) return `${seconds.toFixed(1)} s`;
    if (seconds < 120) return `${Math.round(seconds)} s`;
    return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

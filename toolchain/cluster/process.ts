import { ChildProcess, spawn } from "node:child_process";
import { closeSync, copyFileSync, openSync, readFileSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";

import { Component } from "./component";
import { isReady } from "./probes";
import { ComponentStatus } from "./types";

const POLL_MS = 50;
const FIRST_BACKOFF_MS = 250;
const LAST_BACKOFF_MS = 10_000;
/** A component that ran this long has recovered: the next death starts over with the first back-off. */
const RECOVERED_MS = 30_000;
const READY_AGAIN_MS = 60_000;
const LOG_LIMIT_BYTES = 8 * 1024 * 1024;

/** A component that is started again whenever it ends, until it is stopped. */
export class SupervisedProcess {
    private child: ChildProcess | undefined;
    private ready = false;
    private restarts = 0;
    private backoff = FIRST_BACKOFF_MS;
    private stopped = false;
    private lastEnd = "";

    constructor(
        private readonly component: Component,
        private readonly logs: string,
        /** The same folder as the user sees it, for messages. */
        private readonly logsOnHost: string,
        private readonly say: (line: string) => void,
    ) {}

    get status(): ComponentStatus {
        const { name } = this.component;
        return { name, pid: this.child?.pid, ready: this.ready, restarts: this.restarts };
    }

    private get logFile(): string {
        return join(this.logs, `${this.component.name}.log`);
    }

    start(): void {
        if (this.stopped) return;
        const { program, args, env } = this.component;
        const log = openSync(this.logFile, "a");
        const started = Date.now();
        const child = spawn(program, args, { stdio: ["ignore", log, log], env: { ...process.env, ...env } });
        closeSync(log);
        this.child = child;
        const ended = (how: string) => {
            // A program that cannot be run reports both an error and, on some paths, an exit.
            if (this.child !== child) return;
            this.child = undefined;
            this.ready = false;
            this.lastEnd = how;
            if (!this.stopped) this.restartAfter(Date.now() - started, how);
        };
        child.once("error", (error) => ended(`could not be run: ${error.message}`));
        child.once("exit", (code, signal) => ended(`ended with ${signal ?? `code ${code}`}`));
    }

    private restartAfter(ranMs: number, how: string): void {
        const { name } = this.component;
        if (ranMs > RECOVERED_MS) this.backoff = FIRST_BACKOFF_MS;
        this.say(
            `${name} ${how}; starting it again in ${this.backoff / 1000} s (log: ${join(this.logsOnHost, `${name}.log`)})`,
        );
        setTimeout(() => {
            this.restarts += 1;
            this.start();
            this.becomesReady(READY_AGAIN_MS).catch((error: Error) => this.say(error.message));
        }, this.backoff);
        this.backoff = Math.min(this.backoff * 2, LAST_BACKOFF_MS);
    }

    /** Waits until the component answers its probe; says so once it does. */
    async becomesReady(withinMs: number): Promise<void> {
        const deadline = Date.now() + withinMs;
        while (!this.stopped && !(await isReady(this.component.ready))) {
            if (Date.now() > deadline) throw new Error(this.failure(withinMs));
            await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        }
        this.ready = !this.stopped;
    }

    private failure(withinMs: number): string {
        const ended = this.lastEnd === "" ? "" : ` (it last ${this.lastEnd})`;
        const last = lastLines(this.logFile, 3);
        return `${this.component.name} did not become ready within ${withinMs / 1000} s${ended}; its log ends: ${last}`;
    }

    /** Asks the component to end, and ends it when it has not within the grace period. */
    async stop(graceMs: number): Promise<void> {
        this.stopped = true;
        const { child } = this;
        if (child === undefined) return;
        const gone = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
        await gone;
        clearTimeout(timer);
    }
}

/** The end of a log on one line, for an error message. */
export function lastLines(file: string, count: number): string {
    try {
        return readFileSync(file, "utf8").trimEnd().split("\n").slice(-count).join(" | ").slice(-600);
    } catch (error) {
        return `(unreadable: ${(error as Error).message})`;
    }
}

/** Keeps a log that its writer holds open below the limit: the old half moves to `<file>.1`. */
export function boundLog(file: string, limit = LOG_LIMIT_BYTES): void {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= limit) return;
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
}

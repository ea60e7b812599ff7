import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { cacheDir } from "../paths";

const DAY_MS = 24 * 3600 * 1000;
const TIMEOUT_MS = 3_000;

interface Answer {
    readonly yes: boolean;
    readonly asked: number;
}

/** Asks at most once a day: without a network every question costs its whole timeout. */
export async function remembered(question: string, ask: () => Promise<boolean>, now = Date.now()): Promise<boolean> {
    const known = knownAnswer(question, now);
    if (known !== undefined) return known;
    const yes = await ask();
    const path = answerPath(question);
    mkdirSync(dirname(path), { recursive: true });
    const draft = `${path}.${randomUUID()}`;
    writeFileSync(draft, JSON.stringify({ yes, asked: now } satisfies Answer));
    renameSync(draft, path);
    return yes;
}

/** The answer of the last day, if there is one. */
export function knownAnswer(question: string, now = Date.now()): boolean | undefined {
    let text: string;
    try {
        text = readFileSync(answerPath(question), "utf8");
    } catch {
        return undefined;
    }
    const { yes, asked } = JSON.parse(text) as Answer;
    return now - asked < DAY_MS ? yes : undefined;
}

/** Whether a server answers at all; a refusal to serve us without a password is an answer too. */
export async function answersAt(url: string, accepted: (status: number) => boolean = () => true): Promise<boolean> {
    try {
        const { status } = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(TIMEOUT_MS) });
        return accepted(status);
    } catch {
        // Unreachable is one of the two answers.
        return false;
    }
}

function answerPath(question: string): string {
    return cacheDir("answers", `${question.replace(/[^\w.-]+/g, "_")}.json`);
}

import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, totalmem } from "node:os";
import { dirname, relative } from "node:path";

import { repositoryRoot } from "../../toolchain/paths";
import { commitOfTree } from "../support/commit";
import { Figure, figureOf, round } from "./statistics";

/** A figure, and the load average of the minute in which it was taken. */
interface Measured extends Figure {
    readonly loadAverage: number;
}

/** The file of figures. Written after each of them: a bench takes long, and may be interrupted. */
export class Evidence {
    private readonly figures: Record<string, Measured> = {};
    private readonly ratiosOfMedians: Record<string, number> = {};
    private readonly head: object;

    constructor(
        private readonly file: string,
        /** What else a reader of the figures has to know. */
        conditions: Readonly<Record<string, string>>,
    ) {
        this.head = {
            date: new Date().toISOString(),
            ...commitOfTree(),
            machine: {
                cores: availableParallelism(),
                memoryGiB: round(totalmem() / 2 ** 30),
                node: process.version,
                loadAverageAtStart: minuteLoad(),
            },
            ...conditions,
        };
    }

    add(name: string, unit: Figure["unit"], values: readonly number[]): void {
        const figure = { ...figureOf(values, unit), loadAverage: minuteLoad() };
        this.figures[name] = figure;
        print(name, `${[figure.min, figure.median, figure.max].join(" / ")} ${unit}`);
        this.write(false);
    }

    addRatio(one: string, other: string): void {
        const ratio = round((this.figures[one]?.median ?? NaN) / (this.figures[other]?.median ?? NaN));
        this.ratiosOfMedians[`${one} / ${other}`] = ratio;
        print(`${one} / ${other}`, String(ratio));
    }

    complete(): void {
        this.write(true);
        console.log(`written to ${relative(repositoryRoot, this.file)}`);
    }

    private write(complete: boolean): void {
        mkdirSync(dirname(this.file), { recursive: true });
        const { head, figures, ratiosOfMedians } = this;
        const text = JSON.stringify({ ...head, complete, figures, ratiosOfMedians }, null, 4);
        writeFileSync(this.file, `${text}\n`);
    }
}

function minuteLoad(): number {
    return round(loadavg()[0] ?? NaN);
}

function print(name: string, text: string): void {
    console.log(`${name.padEnd(64)} ${text}`);
}

import { setInterval } from "node:timers";

import { descendantsOf, procFile } from "./memory";

const INTERVAL_MILLISECONDS = 100;

/** Command lines of the processes of an engine, by what they are to the reader. */
export const PROCESSES = {
    program: /@pulumi\/pulumi\/cmd\/run\//,
    "aws simulator": /resource-aws/,
} as const;
export type Process = keyof typeof PROCESSES;

/** MiB by process; 0 where there was none: a platform on the cluster of another stack needs nothing of AWS. */
export type Peaks = Readonly<Record<Process, number>>;

/**
 * The most physical memory that each process had at once while `work` ran, as the kernel counts it (VmHWM). What a
 * process takes within the last tenth of a second before its end is not seen.
 */
export async function peaksDuring(work: () => Promise<unknown>): Promise<Peaks> {
    const peaks: Record<Process, number> = { program: 0, "aws simulator": 0 };
    const look = () => {
        for (const pid of descendantsOf(process.pid)) {
            const command = procFile(pid, "cmdline").replaceAll("\0", " ");
            for (const name of Object.keys(PROCESSES) as Process[]) {
                if (PROCESSES[name].test(command)) peaks[name] = Math.max(peaks[name], highWaterOf(pid));
            }
        }
    };
    const timer = setInterval(look, INTERVAL_MILLISECONDS);
    try {
        await work();
    } finally {
        clearInterval(timer);
    }
    if (peaks.program === 0) throw new Error("the program's process was not seen");
    return peaks;
}

function highWaterOf(pid: number): number {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(procFile(pid, "status")) ?? [];
    return Number(kibibytes ?? 0) / 1024;
}

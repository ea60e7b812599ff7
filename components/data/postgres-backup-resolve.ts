import { ImageSource, unknownImage } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";

export interface BackupRequest {
    readonly images: ImageSource;
    readonly schedule?: string;
    readonly keepDays?: number;
    readonly deadlineSeconds?: number;
}

export interface BackupSpec {
    readonly image: string;
    readonly schedule: string;
    readonly keepDays: number;
    readonly deadlineSeconds: number;
}

const DEFAULTS = { schedule: "17 2 * * *", keepDays: 14, deadlineSeconds: 21600 };
const FIELD = /^[0-9A-Za-z*/,-]+$/;

/**
 * Fills defaults in. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong at once.
 */
export function resolveBackup(args: BackupRequest, name: string): BackupSpec {
    const problems: Problem[] = [];
    const image = args.images.references.postgres;
    if (image === undefined) problems.push(unknownImage(args.images, "postgres", `${name}.images`));
    const { schedule = DEFAULTS.schedule, keepDays = DEFAULTS.keepDays } = args;
    const { deadlineSeconds = DEFAULTS.deadlineSeconds } = args;

    const fields = schedule.split(" ");
    if (fields.length !== 5 || !fields.every((field) => FIELD.test(field))) {
        problems.push({
            path: `${name}.schedule`,
            found: schedule,
            allowed: "five fields of cron: minute, hour, day, month, weekday",
            fix: `Leave it out for ${DEFAULTS.schedule}, every night.`,
        });
    }
    const whole = (found: number, path: string, least: number, fix: string) => {
        if (Number.isInteger(found) && found >= least) return;
        problems.push({ path: `${name}.${path}`, found, allowed: `a whole number from ${least} on`, fix });
    };
    whole(keepDays, "keepDays", 1, `Leave it out for ${DEFAULTS.keepDays}.`);
    whole(deadlineSeconds, "deadlineSeconds", 60, `Leave it out for ${DEFAULTS.deadlineSeconds}.`);
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze({ image: image ?? "", schedule, keepDays, deadlineSeconds });
}

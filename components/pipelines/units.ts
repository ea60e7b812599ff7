const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 60 * 60, d: 24 * 60 * 60 };
const DURATION = /^([1-9]\d*)([smhd])$/;
const QUANTITY = /^\d+(\.\d+)?(m|k|[KMGTPE]i|[MGTPE])?$/;

/** Seconds of a duration such as `30m`; undefined where it is none. */
export function secondsOf(duration: string): number | undefined {
    const [, count, unit] = DURATION.exec(duration) ?? [];
    const seconds = Number(count) * (SECONDS[unit ?? ""] ?? Number.NaN);
    return Number.isSafeInteger(seconds) ? seconds : undefined;
}

/** Whether it is a Kubernetes quantity above 0. */
export function isQuantity(text: string): boolean {
    return QUANTITY.test(text) && Number.parseFloat(text) > 0;
}

import { JsonObject, numberAt, stringAt } from "../base/json";

const HOUR = 3_600_000;

/** A time as the official plugin writes it: RFC 3339 in whole seconds. */
export function rfc3339(date: Date): string {
    return date.toISOString().replace(/\.\d+Z$/, "Z");
}

/** When a certificate begins and ends; whole seconds, as X.509 has no smaller ones. */
export function validity(inputs: JsonObject, now: Date): { notBefore: Date; notAfter: Date } {
    const notBefore = new Date(Math.floor(now.getTime() / 1000) * 1000);
    const hours = numberAt(inputs, "validityPeriodHours") ?? 0;
    return { notBefore, notAfter: new Date(notBefore.getTime() + hours * HOUR) };
}

/** Whether a certificate has ended, or is within the hours before its end in which it is to be renewed. */
export function readyForRenewal(outputs: JsonObject, now: Date): boolean {
    const end = Date.parse(stringAt(outputs, "validityEndTime") ?? "");
    if (Number.isNaN(end)) return false;
    return now.getTime() >= end - (numberAt(outputs, "earlyRenewalHours") ?? 0) * HOUR;
}

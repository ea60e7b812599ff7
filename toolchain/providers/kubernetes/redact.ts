import { at, Json } from "../base/json";
import { Properties } from "../base/properties";

/** Anything shorter would blot out ordinary words. */
const SHORTEST = 4;

/** Takes a resource's secret values out of a message: servers and containers quote what they were given. */
export function redact(message: string, ...properties: readonly Properties[]): string {
    const secrets = properties.flatMap(({ value, secrets }) => secrets.flatMap((path) => texts(at(value, ...path))));
    const longestFirst = [...new Set(secrets)].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((text, secret) => text.split(secret).join("[secret]"), message);
}

function texts(value: Json | undefined): string[] {
    if (typeof value === "string") return [value, decoded(value)].filter((text) => text.length >= SHORTEST);
    if (typeof value !== "object" || value === null) return [];
    return Object.values(value).flatMap(texts);
}

/** A Secret's data is shown in clear as often as encoded. */
function decoded(value: string): string {
    const text = Buffer.from(value, "base64").toString("utf8");
    return /^[\x20-\x7e\s]*$/.test(text) ? text : "";
}

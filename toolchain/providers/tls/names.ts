import { isIPv4, isIPv6 } from "node:net";

import { ProviderError } from "../base/errors";
import { at, JsonObject, stringAt } from "../base/json";
import { contextTag, encode, ia5String, objectIdentifier, printableString, sequence, set, utf8String } from "./der";

/** Attributes of a subject in the order in which Go, and so the official plugin, writes them. */
const ATTRIBUTES: readonly { readonly property: string; readonly oid: string }[] = [
    { property: "country", oid: "2.5.4.6" },
    { property: "organization", oid: "2.5.4.10" },
    { property: "organizationalUnit", oid: "2.5.4.11" },
    { property: "locality", oid: "2.5.4.7" },
    { property: "province", oid: "2.5.4.8" },
    { property: "streetAddresses", oid: "2.5.4.9" },
    { property: "postalCode", oid: "2.5.4.17" },
    { property: "commonName", oid: "2.5.4.3" },
    { property: "serialNumber", oid: "2.5.4.5" },
    { property: "emailAddress", oid: "1.2.840.113549.1.9.1" },
];

/** A distinguished name from a `subject` argument; empty when there is none. */
export function distinguishedName(subject: JsonObject): Buffer {
    return sequence(
        ...ATTRIBUTES.flatMap(({ property, oid }) =>
            strings(subject, property).map((value) =>
                set(sequence(objectIdentifier(oid), property === "emailAddress" ? ia5String(value) : label(value))),
            ),
        ),
    );
}

const label = (value: string): Buffer =>
    /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? printableString(value) : utf8String(value);

export interface AlternativeNames {
    readonly dnsNames: readonly string[];
    readonly ipAddresses: readonly string[];
    readonly uris: readonly string[];
}

export function alternativeNames(inputs: JsonObject): AlternativeNames {
    return {
        dnsNames: strings(inputs, "dnsNames"),
        ipAddresses: strings(inputs, "ipAddresses"),
        uris: strings(inputs, "uris"),
    };
}

/** GeneralNames of the subjectAltName extension, or nothing when there are no names. */
export function generalNames({ dnsNames, ipAddresses, uris }: AlternativeNames): Buffer | undefined {
    const names = [
        ...dnsNames.map((name) => encode(contextTag(2, false), Buffer.from(name, "latin1"))),
        ...ipAddresses.map((address) => encode(contextTag(7, false), ipBytes(address))),
        ...uris.map((uri) => encode(contextTag(6, false), Buffer.from(uri, "latin1"))),
    ];
    return names.length === 0 ? undefined : sequence(...names);
}

export function ipBytes(address: string): Buffer {
    if (isIPv4(address)) return Buffer.from(address.split(".").map(Number));
    if (isIPv6(address)) return ipv6Bytes(address);
    throw new ProviderError(`ipAddresses: ${JSON.stringify(address)} is not allowed: an IPv4 or IPv6 address`);
}

function ipv6Bytes(address: string): Buffer {
    const [, embedded] = /:(\d+\.\d+\.\d+\.\d+)$/.exec(address) ?? [];
    const tail = embedded === undefined ? [] : [ipBytes(embedded)];
    const plain = embedded === undefined ? address : address.slice(0, -embedded.length).replace(/([^:]):$/, "$1");
    const [left = "", right] = plain.split("::");
    const groups = (part: string | undefined): Buffer[] =>
        (part ?? "")
            .split(":")
            .filter((group) => group !== "")
            .map((group) => Buffer.from(group.padStart(4, "0"), "hex"));
    const head = Buffer.concat(groups(left));
    const end = Buffer.concat([...groups(right), ...tail]);
    return Buffer.concat([head, Buffer.alloc(16 - head.length - end.length), end]);
}

/** A property that is one string or a list of them. */
export function strings(inputs: JsonObject, property: string): string[] {
    const value = at(inputs, property);
    if (Array.isArray(value)) return value.filter((item) => typeof item === "string");
    const single = stringAt(inputs, property);
    return single === undefined ? [] : [single];
}

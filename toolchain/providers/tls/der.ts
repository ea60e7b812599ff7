/** A small writer and reader of DER (X.690): only what certificates and certificate requests need. */

export const Tag = {
    Boolean: 0x01,
    Integer: 0x02,
    BitString: 0x03,
    OctetString: 0x04,
    ObjectIdentifier: 0x06,
    Utf8String: 0x0c,
    PrintableString: 0x13,
    Ia5String: 0x16,
    UtcTime: 0x17,
    GeneralizedTime: 0x18,
    Sequence: 0x30,
    Set: 0x31,
} as const;

/** Tag of a field that its context alone gives a meaning: `[n]`. */
export function contextTag(number: number, constructed: boolean): number {
    return 0x80 | (constructed ? 0x20 : 0) | number;
}

export function encode(tag: number, ...contents: readonly Uint8Array[]): Buffer {
    const content = Buffer.concat(contents);
    return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
    if (length < 0x80) return Buffer.from([length]);
    const digits = length.toString(16);
    const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
    return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => encode(Tag.Sequence, ...parts);
export const set = (...parts: readonly Uint8Array[]): Buffer => encode(Tag.Set, ...parts);
export const octetString = (content: Uint8Array): Buffer => encode(Tag.OctetString, content);
export const utf8String = (text: string): Buffer => encode(Tag.Utf8String, Buffer.from(text, "utf8"));
export const ia5String = (text: string): Buffer => encode(Tag.Ia5String, Buffer.from(text, "latin1"));
export const printableString = (text: string): Buffer => encode(Tag.PrintableString, Buffer.from(text, "latin1"));
export const boolean = (value: boolean): Buffer => encode(Tag.Boolean, Buffer.from([value ? 0xff : 0]));

/** A non-negative integer from its big-endian bytes. */
export function integer(bytes: Uint8Array): Buffer {
    const first = bytes.findIndex((byte) => byte !== 0);
    const significant = first < 0 ? Buffer.from([0]) : Buffer.from(bytes.subarray(first));
    // A leading one bit would make it negative.
    const sign = ((significant[0] ?? 0) & 0x80) === 0 ? Buffer.alloc(0) : Buffer.from([0]);
    return encode(Tag.Integer, sign, significant);
}

export function bitString(content: Uint8Array, unusedBits = 0): Buffer {
    return encode(Tag.BitString, Buffer.from([unusedBits]), content);
}

/** Named bits, the first of them most significant, without trailing zeros as DER demands. */
export function namedBits(positions: readonly number[]): Buffer {
    const highest = Math.max(...positions);
    const bytes = Buffer.alloc((highest >> 3) + 1);
    for (const position of positions) {
        const index = position >> 3;
        bytes[index] = (bytes[index] ?? 0) | (0x80 >> (position & 7));
    }
    return bitString(bytes, 7 - (highest & 7));
}

export function objectIdentifier(dotted: string): Buffer {
    const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
    return encode(Tag.ObjectIdentifier, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
    const digits = [value & 0x7f];
    for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
}

/** A time as X.509 writes it: two-digit years until 2049, four digits from then on. */
export function time(date: Date): Buffer {
    const text = date.toISOString().replace(/[-:T]/g, "").replace(/\.\d+/, "");
    const short = date.getUTCFullYear() < 2050;
    return encode(short ? Tag.UtcTime : Tag.GeneralizedTime, Buffer.from(short ? text.slice(2) : text, "latin1"));
}

/** One element as it stands in a DER document. */
export interface Element {
    readonly tag: number;
    readonly content: Buffer;
    /** The whole element, tag and length included. */
    readonly raw: Buffer;
}

/** Reads the elements that follow one another in these bytes. */
export function elements(bytes: Buffer): Element[] {
    const found: Element[] = [];
    let offset = 0;
    while (offset < bytes.length) {
        const { tag, start, end } = header(bytes, offset);
        if (end > bytes.length) throw new RangeError("the DER document ends too early");
        found.push({ tag, content: bytes.subarray(start, end), raw: bytes.subarray(offset, end) });
        offset = end;
    }
    return found;
}

/** Reads the elements inside the single element of these bytes. */
export function children(bytes: Buffer): Element[] {
    const [element] = elements(bytes);
    return element === undefined ? [] : elements(element.content);
}

function header(bytes: Buffer, offset: number): { tag: number; start: number; end: number } {
    const tag = bytes[offset] ?? 0;
    const first = bytes[offset + 1] ?? 0;
    if (first < 0x80) return { tag, start: offset + 2, end: offset + 2 + first };
    const count = first & 0x7f;
    const start = offset + 2 + count;
    return { tag, start, end: start + bytes.readUIntBE(offset + 2, count) };
}

/** Wraps DER in PEM's lines of 64 characters. */
export function toPem(label: string, der: Uint8Array): string {
    const lines =
        Buffer.from(der)
            .toString("base64")
            .match(/.{1,64}/g) ?? [];
    return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** The DER inside the first PEM block with this label. */
export function fromPem(label: string, pem: string): Buffer {
    const [, body] = new RegExp(`-----BEGIN ${label}-----([^-]*)-----END ${label}-----`).exec(pem) ?? [];
    if (body === undefined) throw new Error(`expected PEM with a ${label} block`);
    return Buffer.from(body, "base64");
}

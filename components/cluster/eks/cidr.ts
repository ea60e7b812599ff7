/** A block of IPv4 addresses. */
export interface Cidr {
    /** First address, as a number of 32 bits. */
    readonly base: number;
    /** Length of the network's part, 0 to 32. */
    readonly prefix: number;
}

const SHAPE = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** The block that a text such as `10.0.0.0/16` names; undefined unless it is the block's first address. */
export function parseCidr(text: string): Cidr | undefined {
    const numbers = SHAPE.exec(text)?.slice(1).map(Number);
    const prefix = numbers?.pop();
    if (numbers === undefined || prefix === undefined || prefix > 32) return undefined;
    if (numbers.some((octet) => octet > 255)) return undefined;
    // Arithmetic, not bit operations: those are signed at 32 bits.
    const base = numbers.reduce((address, octet) => address * 256 + octet, 0);
    return base % sizeOf(prefix) === 0 ? { base, prefix } : undefined;
}

/** For ranges that the code itself names. */
export function knownCidr(text: string): Cidr {
    const range = parseCidr(text);
    if (range === undefined) throw new Error(`${text} is no CIDR block`);
    return range;
}

export function formatCidr({ base, prefix }: Cidr): string {
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
    return `${octets.join(".")}/${prefix}`;
}

/** Addresses in a block with this prefix. */
export function sizeOf(prefix: number): number {
    return 2 ** (32 - prefix);
}

export function overlap(a: Cidr, b: Cidr): boolean {
    return a.base < b.base + sizeOf(b.prefix) && b.base < a.base + sizeOf(a.prefix);
}

export function within(inner: Cidr, outer: Cidr): boolean {
    return inner.prefix >= outer.prefix && overlap(inner, outer);
}

/** The nth block of this prefix, counted from the start of the range. */
export function nthBlock(range: Cidr, prefix: number, index: number): Cidr {
    return { base: range.base + index * sizeOf(prefix), prefix };
}

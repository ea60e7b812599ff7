/** Arithmetic with closed ranges of whole numbers: IPv4 addresses and ports. Pure. */

/** The first and the last number, both inside. */
export type Range = readonly [first: number, last: number];

/** The same numbers as disjoint ranges in ascending order, neighbours joined. */
export function union(ranges: readonly Range[]): Range[] {
    const joined: Range[] = [];
    for (const [first, last] of [...ranges].sort(([a], [b]) => a - b)) {
        const before = joined.at(-1);
        if (before !== undefined && first <= before[1] + 1) {
            joined[joined.length - 1] = [before[0], Math.max(before[1], last)];
        } else {
            joined.push([first, last]);
        }
    }
    return joined;
}

/** What of a range is in none of the others. */
export function without([first, last]: Range, others: readonly Range[]): Range[] {
    const left: Range[] = [];
    let from = first;
    for (const [start, end] of union(others)) {
        if (end < from || start > last) continue;
        if (start > from) left.push([from, start - 1]);
        from = end + 1;
    }
    if (from <= last) left.push([from, last]);
    return left;
}

/** What is in both. */
export function intersection(some: readonly Range[], others: readonly Range[]): Range[] {
    return union(
        some.flatMap(([a, b]) =>
            others.flatMap(([c, d]): Range[] =>
                Math.max(a, c) <= Math.min(b, d) ? [[Math.max(a, c), Math.min(b, d)]] : [],
            ),
        ),
    );
}

export const contains = (ranges: readonly Range[], value: number): boolean =>
    ranges.some(([first, last]) => first <= value && value <= last);

const ADDRESS = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** An IPv4 address as a number; undefined for anything else. */
export function numberOf(address: string): number | undefined {
    const bytes = ADDRESS.exec(address)?.slice(1).map(Number);
    if (bytes === undefined || bytes.some((byte) => byte > 255)) return undefined;
    return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

export const addressOf = (value: number): string =>
    [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join(".");

/** The addresses of an IPv4 block; undefined for IPv6, which no pod of this cluster has. */
export function blockOf(cidr: string): Range | undefined {
    const [address = "", bits = ""] = cidr.split("/");
    const value = numberOf(address);
    if (value === undefined) return undefined;
    const size = 2 ** (32 - Number(bits));
    const first = Math.floor(value / size) * size;
    return [first, first + size - 1];
}

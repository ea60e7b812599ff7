interface Range {
    readonly first: number;
    readonly last: number;
}

/** An IPv4 range as its first and last address; nothing for what is no range. */
function parse(cidr: string): Range | undefined {
    const [, address = "", length = ""] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(cidr) ?? [];
    if (address === "") return undefined;
    const size = 2 ** (32 - Number(length));
    const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
    const first = Math.floor(number / size) * size;
    return { first, last: first + size - 1 };
}

export function contains(whole: string, part: string): boolean {
    const [a, b] = [parse(whole), parse(part)];
    return a !== undefined && b !== undefined && a.first <= b.first && b.last <= a.last;
}

export function overlaps(one: string, other: string): boolean {
    const [a, b] = [parse(one), parse(other)];
    return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last;
}

const QUANTITY = /^(\d+(?:\.\d+)?)(m|[kMGTPE]|[KMGTPE]i)?$/;

const DECIMAL = "kMGTPE";

/** What a Kubernetes quantity amounts to, in cores, bytes or pieces; absent where it is none. */
export function amountOf(quantity: string): number | undefined {
    const [, digits, suffix = ""] = QUANTITY.exec(quantity) ?? [];
    if (digits === undefined) return undefined;
    return Number(digits) * factor(suffix);
}

function factor(suffix: string): number {
    if (suffix === "") return 1;
    if (suffix === "m") return 1 / 1000;
    const [letter = ""] = suffix;
    const power = DECIMAL.indexOf(letter === "K" ? "k" : letter) + 1;
    return (suffix.endsWith("i") ? 1024 : 1000) ** power;
}

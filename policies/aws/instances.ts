/** Instance classes that carry GPUs, Trainium, Inferentia or Gaudi. */
const ACCELERATED = new Set(["dl", "f", "g", "gr", "inf", "p", "trn", "vt"]);

/** The class of a type, a family or a category: `p` of `p5en.48xlarge`. */
export function instanceClass(type: string): string {
    return /^[a-z]+/.exec(type.toLowerCase())?.[0] ?? type;
}

export function isAccelerated(type: string): boolean {
    return ACCELERATED.has(instanceClass(type));
}

/**
 * The part of a cache's key that Argo works out when the step is about to start: a hash, as keys are letters, digits and
 * dashes only. Of `key` where it is given, else of the values that come in. Empty where nothing comes in.
 */
export function cacheKeyOf(
    key: string | undefined,
    inputs: readonly string[],
    pipelineParameters: readonly string[] = [],
): string {
    const parts =
        key === undefined
            ? [...inputs.map(inputOf), ...pipelineParameters.map((name) => `workflow.parameters[${quoted(name)}]`)]
            : partsOf(key);
    if (parts.length === 0) return "";
    return `-{{=sprig.substr(0, 32, sprig.sha256sum(toJson([${parts.join(", ")}])))}}`;
}

function inputOf(name: string): string {
    return `inputs.parameters[${quoted(name)}]`;
}

/** Literal text and references, in turn, as members of a list in Argo's expression language. */
function partsOf(key: string): string[] {
    return key.split(/(\{\{.*?\}\})/gs).flatMap((part) => {
        const tag = /^\{\{\s*(.*?)\s*\}\}$/s.exec(part)?.[1];
        if (tag === undefined) return part === "" ? [] : [quoted(part)];
        if (tag.startsWith("=")) return [tag.slice(1)];
        const [scope = "", kind = "", name] = tag.split(".");
        return [name === undefined ? `${scope}.${kind}` : `${scope}.${kind}[${quoted(name)}]`];
    });
}

function quoted(text: string): string {
    return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

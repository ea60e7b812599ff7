import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export const ROOT = join(__dirname, "../../..");

/** A page for readers: a README or a Markdown file below docs/. */
export interface Page {
    /** From the repository's root. */
    readonly path: string;
    readonly text: string;
}

export function pages(): Page[] {
    const below = readdirSync(join(ROOT, "docs"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
        .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
    return ["README.md", "stacks/README.md", ...below.sort()].map(page);
}

export function page(path: string): Page {
    return { path, text: readFileSync(join(ROOT, path), "utf8") };
}

/** What GitHub makes of a heading. */
export function anchors({ text }: Page): string[] {
    return [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
        heading
            .trim()
            .toLowerCase()
            .replace(/[^\p{L}\p{N} _-]/gu, "")
            .replaceAll(" ", "-"),
    );
}

/** Targets of links that are no addresses of the web. */
export function relativeLinks({ text }: Page): string[] {
    return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target = ""]) => target)
        .filter((target) => !/^[a-z]+:/.test(target));
}

/** Fenced code of one language. */
export function snippets({ text }: Page, language: string): string[] {
    const fences = new RegExp("^```" + language + "\\n([^]*?)^```$", "gm");
    return [...text.matchAll(fences)].map(([, code = ""]) => code);
}

/** First words that follow `command` in text or code: names of scripts or subcommands. */
export function wordsAfter(command: RegExp, { text }: Page): string[] {
    return [...text.matchAll(new RegExp(`${command.source} +([a-z][\\w:-]*)`, "g"))].map(([, word = ""]) => word);
}

function withoutCode(text: string): string {
    return text.replace(/^```[^]*?^```$/gm, "");
}

import { Property } from "../property";
import { isUnknownValue } from "../unknown";
import { Container } from "./pods";

/** A word of a command line; a line given to a shell counts as its words. */
interface Word {
    readonly at: Property;
    /** Absent where only the update will know it. */
    readonly text: string | undefined;
}

/** An option of a command line, written `--flag=value` or `--flag value`. */
export interface Option {
    readonly at: Property;
    readonly value: string | undefined;
}

/** What a container runs, as far as its specification says. */
export class CommandLine {
    private readonly words: readonly Word[];
    private readonly image: string;
    /** Where its arguments stand. */
    readonly args: Property;

    constructor(readonly container: Container) {
        const { node } = container;
        this.words = [...node.find("command[]"), ...node.find("args[]")].flatMap(wordsOf);
        this.image = known(node.field("image")) ?? "";
        this.args = node.field("args");
    }

    /** Whether a program is started with a subcommand: by its own name, or by that of its image. */
    runs(program: RegExp, subcommand: string): boolean {
        return (
            this.words.some(({ text }) => text === subcommand) &&
            (program.test(imageName(this.image)) ||
                this.words.some(({ text }) => text !== undefined && program.test(imageName(text))))
        );
    }

    has(flag: string): boolean {
        return this.words.some(({ text }) => text === flag);
    }

    options(flag: string): readonly Option[] {
        return this.words.flatMap(({ at, text }, index) => {
            if (text?.startsWith(`${flag}=`) === true) return [{ at, value: text.slice(flag.length + 1) }];
            const next = this.words[index + 1];
            return text === flag ? [{ at: next?.at ?? at, value: next?.text }] : [];
        });
    }

    /** The value of an environment variable; absent too where it comes from elsewhere, such as a Secret. */
    variable(name: string): { readonly at: Property; readonly value: string | undefined } | undefined {
        const [found] = this.container.node.find("env[]").filter((one) => known(one.field("name")) === name);
        return found && { at: found.field("value"), value: known(found.field("value")) };
    }
}

/** The last part of a path or image, without tag or digest. */
function imageName(text: string): string {
    return text.replace(/@.*$/, "").replace(/^.*\//, "").replace(/:.*$/, "");
}

function wordsOf(at: Property): readonly Word[] {
    const text = known(at);
    return text === undefined ? [{ at, text }] : text.split(/\s+/).map((word) => ({ at, text: word }));
}

// A word that is not known yet is made from other resources, so it is none of the fixed words that rules look for.
function known(at: Property): string | undefined {
    try {
        return at.text;
    } catch (error) {
        if (isUnknownValue(error)) return undefined;
        throw error;
    }
}

import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

import { parse, parseDocument } from "yaml";

import { PLATFORM, Project, sourceOf } from "../../cli/stack-files";
import { ImageLock, lockText } from "../../images/image-lock";
import { repositoryRoot } from "../../toolchain/paths";

const PRODUCT = ["cli", "components", "images", "infra", "policies", "stacks", "toolchain"];
const FILES = ["Pulumi.yaml", "package.json", "package-lock.json", "tsconfig.json"];
const LEFT_OUT = ["node_modules", "dist"];

/** The value of `mlp:platform`. */
export type Platform = Record<string, unknown>;
export type Edit = (platform: Platform) => Platform;

/** A checkout of its own, whose stack files and image lock a test may edit as a user does. */
export class Checkout {
    readonly project: Project;

    private constructor(readonly folder: string) {
        this.project = { ...PLATFORM, directory: folder, stacks: join(folder, "stacks") };
    }

    static at(folder: string): Checkout {
        mkdirSync(folder);
        for (const name of [...PRODUCT, ...FILES]) {
            const source = join(repositoryRoot, name);
            const wanted = (path: string) => !LEFT_OUT.some((one) => relative(source, path).split(sep).includes(one));
            cpSync(source, join(folder, name), { recursive: true, filter: wanted });
        }
        symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"));
        return new Checkout(folder);
    }

    /** Writes a stack's file as its author has it, but for what `edit` changes. */
    editStack(name: string, edit: Edit): void {
        const document = parseDocument(readFileSync(sourceOf(PLATFORM, name), "utf8"));
        const { config } = parse(document.toString()) as { config: Record<string, Platform> };
        document.setIn(["config", "mlp:platform"], edit({ ...config["mlp:platform"] }));
        writeFileSync(sourceOf(this.project, name), document.toString());
    }

    /** The images as `mlp images push` and `mirror` would have written them. */
    lockImages(lock: ImageLock): void {
        writeFileSync(join(this.folder, "images", "lock.json"), lockText(lock));
    }
}

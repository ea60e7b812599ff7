import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue, referenceOf, type ImageName } from "../../images/catalogue";
import type { Step } from "../progress";
import { answersAt, knownAnswer, remembered } from "./answers";
import { ensureEntry, entryPath, hasEntry, type Entry } from "./entry";
import { Interrupted, ToolchainError } from "./errors";
import { goVersion } from "./go-build";
import { binaryPath } from "./go-pieces";
import { productOf, type GoProduct } from "./go-products";
import { archivePath, builtEntry, digestPath, presentEntry, pulledEntry, readArchive } from "./image-entries";
import { writeGoImage } from "./oci/go-image";
import { archiveLayout, type ImageArchive } from "./oci/image";
import { makeDebian, makeFromContainerfile, pull, type Kitchen } from "./oci/recipes";
import type { Context, Piece, PieceStatus } from "./piece";
import { withStep } from "./step";

/** What an image needs before it can be made. */
export interface ImageNeeds {
    product(name: GoProduct): Promise<void>;
    image(name: ImageName): Promise<ImageArchive>;
    distributionPackages(): Promise<void>;
}

export function imagePiece(name: ImageName, needs: ImageNeeds): Piece<ImageArchive> {
    const title = `image ${referenceOf(catalogue[name])}`;
    return {
        name: `image-${name}`,
        title,
        inspect: () => Promise.resolve(inspect(name, title)),
        ensure: async (context) =>
            (await ensurePulled(name, title, context, needs)) ?? (await ensureBuilt(name, title, context, needs)),
    };
}

function inspect(name: ImageName, title: string): PieceStatus {
    const described = { name: `image-${name}`, title, version: catalogue[name].tag } as const;
    const entry = presentEntry(name, goVersion() ?? "");
    if (entry !== undefined) {
        const origin = hasEntry(pulledEntry(name)) ? "pulled" : "built";
        return { ...described, state: "ready", origin, location: archivePath(entryPath(entry)) };
    }
    return catalogue[name].recipe.kind === "pull"
        ? {
              ...described,
              state: "missing",
              cause: "no recipe makes it",
              cure: `a network that reaches ${hostOf(name)}`,
          }
        : { ...described, state: "missing", cause: "neither pulled nor built yet", cure: "`npm run up` makes it" };
}

async function ensurePulled(
    name: ImageName,
    title: string,
    context: Context,
    needs: ImageNeeds,
): Promise<ImageArchive | undefined> {
    const entry = pulledEntry(name);
    if (!hasEntry(entry)) {
        const question = `pull ${referenceOf(catalogue[name])}`;
        if (!(await registryAnswers(name)) || knownAnswer(question) === false) return undefined;
        await needs.distributionPackages();
        if (!(await tryPull(name, title, entry, question, context))) return undefined;
    }
    return withStep(context, title, () => Promise.resolve({ value: readArchive(name, entry), outcome: "pulled" }));
}

// A registry may answer and still refuse: rate limits, a private repository, an interfering proxy.
async function tryPull(
    name: ImageName,
    title: string,
    entry: Entry,
    question: string,
    context: Context,
): Promise<boolean> {
    const step = context.progress.start(title);
    try {
        await ensureEntry(entry, context, step, async (folder) => {
            const kitchen = kitchenFor(entry, title, folder, context, step);
            await pull(kitchen, catalogue[name]);
            await finish(name, kitchen);
        });
        return true;
    } catch (error) {
        if (error instanceof Interrupted || !(error instanceof ToolchainError)) throw error;
        if (catalogue[name].recipe.kind === "pull") throw error;
        context.progress.note(`${title} could not be pulled, so it is built. ${error.message.split("\n")[0] ?? ""}`);
        return await remembered(question, () => Promise.resolve(false));
    } finally {
        step.dropped();
    }
}

async function ensureBuilt(name: ImageName, title: string, context: Context, needs: ImageNeeds): Promise<ImageArchive> {
    const make = await prepare(name, needs);
    return withStep(context, title, async (step) => {
        const entry = builtEntry(name, goVersion() ?? "");
        if (entry === undefined)
            throw new ToolchainError(
                `${title}: ${hostOf(name)} does not answer and no recipe makes it; run this where it can be reached`,
            );
        const made = await ensureEntry(entry, context, step, async (folder) => {
            const kitchen = kitchenFor(entry, title, folder, context, step);
            await make(kitchen);
            await finish(name, kitchen);
        });
        return { value: readArchive(name, entry), outcome: made ? "built" : "found" };
    });
}

/** Waits for what the recipe needs and returns the recipe's work. */
async function prepare(name: ImageName, needs: ImageNeeds): Promise<(kitchen: Kitchen) => Promise<void>> {
    const entry = catalogue[name];
    const { recipe } = entry;
    switch (recipe.kind) {
        case "go": {
            await needs.product(productOf[recipe.binary]);
            const binary = binaryPath(recipe.binary, goVersion() ?? "");
            return ({ folder, layout }) => writeGoImage(folder, layout, binary, recipe.entrypoint, entry);
        }
        case "debian":
            await needs.distributionPackages();
            return (kitchen) => makeDebian(kitchen, recipe.suite);
        case "containerfile": {
            await needs.distributionPackages();
            const base = await needs.image(recipe.base);
            return (kitchen) => makeFromContainerfile(kitchen, recipe, base, suiteOf(recipe.base));
        }
        case "pull":
            return () => Promise.resolve();
    }
}

function kitchenFor({ name }: Entry, title: string, folder: string, { signal }: Context, step: Step): Kitchen {
    const onLine = (line: string) => step.waiting(line.trim());
    return { title, logName: name, folder, layout: join(folder, "layout"), signal, onLine };
}

async function finish(name: ImageName, { folder, layout }: Kitchen): Promise<void> {
    const { digest } = await archiveLayout(layout, referenceOf(catalogue[name]), archivePath(folder));
    writeFileSync(digestPath(folder), `${digest}\n`);
    rmSync(join(folder, "debian.sources"), { force: true });
}

function registryAnswers(name: ImageName): Promise<boolean> {
    const host = hostOf(name);
    // Our own images are published nowhere.
    if (host.endsWith(".internal")) return Promise.resolve(false);
    const address = host === "docker.io" ? "registry-1.docker.io" : host;
    return remembered(`registry ${host}`, () => answersAt(`https://${address}/v2/`));
}

function hostOf(name: ImageName): string {
    return catalogue[name].repository.split("/")[0] ?? "";
}

/** The Debian suite at the bottom of an image. */
function suiteOf(name: ImageName): string {
    const { recipe } = catalogue[name];
    if (recipe.kind === "debian") return recipe.suite;
    if (recipe.kind === "containerfile") return suiteOf(recipe.base);
    throw new Error(`${name} is the base of a Containerfile but not a Debian image`);
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue, referenceOf, type ImageName } from "../../images/catalogue";
import { repositoryRoot } from "../paths";
import { contentKey, entryPath, filesBelow, hasEntry, type Entry } from "./entry";
import { productEntry } from "./go-pieces";
import { productOf } from "./go-products";
import { certificateBundle, GO_IMAGE_FORMAT } from "./oci/go-image";
import { storedName, type ImageArchive } from "./oci/image";
import { CONTAINERFILE_FORMAT, DEBIAN_FORMAT } from "./oci/recipes";
import { bundledProgram } from "./program";

const ARCHIVE = "image.oci.tar";
const DIGEST = "digest";

/** Where a pulled image lies. */
export function pulledEntry(name: ImageName): Entry {
    return { kind: "images", name: `${name}-pulled`, key: contentKey(referenceOf(catalogue[name])) };
}

/** Where an image made by its recipe lies; undefined where there is no recipe. */
export function builtEntry(name: ImageName, goVersion: string): Entry | undefined {
    const key = recipeKey(name, goVersion);
    return key === undefined ? undefined : { kind: "images", name, key };
}

/** The image that is in the cache, pulled or built. */
export function presentEntry(name: ImageName, goVersion: string): Entry | undefined {
    return [pulledEntry(name), builtEntry(name, goVersion)].find((entry) => entry !== undefined && hasEntry(entry));
}

export function archivePath(folder: string): string {
    return join(folder, ARCHIVE);
}

export function digestPath(folder: string): string {
    return join(folder, DIGEST);
}

export function readArchive(name: ImageName, entry: Entry): ImageArchive {
    const folder = entryPath(entry);
    const digest = readFileSync(digestPath(folder), "utf8").trim();
    return { reference: storedName(referenceOf(catalogue[name])), archive: archivePath(folder), digest };
}

function recipeKey(name: ImageName, goVersion: string): string | undefined {
    const { recipe, user } = catalogue[name];
    const reference = referenceOf(catalogue[name]);
    switch (recipe.kind) {
        case "go": {
            const binary = productEntry(productOf[recipe.binary], goVersion).key;
            return contentKey(GO_IMAGE_FORMAT, reference, recipe.entrypoint, `${user}`, binary, certificateBundle());
        }
        case "debian":
            return contentKey(DEBIAN_FORMAT, reference, recipe.suite);
        case "containerfile": {
            const base = presentEntry(recipe.base, goVersion) ?? builtEntry(recipe.base, goVersion);
            const { directory, service, program } = recipe;
            // Of a program all that counts is what comes into the image, whatever its dependencies' versions are.
            const ofService = service === undefined || program !== undefined ? [] : [service];
            const folders = [join("images", directory), ...ofService];
            const files = folders.flatMap((folder) => filesBelow(join(repositoryRoot, folder)));
            if (service !== undefined && program !== undefined) files.push(bundledProgram(service, program));
            return contentKey(CONTAINERFILE_FORMAT, reference, base?.key ?? "", ...files);
        }
        case "pull":
            return undefined;
    }
}

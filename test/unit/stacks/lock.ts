import { catalogue, referenceOf } from "../../../images/catalogue";
import { ImageLock, repositoryPath } from "../../../images/image-lock";

const REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/mlp-dev";

/** A lock as `mlp images push` and `mirror` would write it, with digests that no image has. */
export function exampleLock(): ImageLock {
    const entries = Object.entries(catalogue).map(([name, entry], index) => {
        const digest = `sha256:${(index + 1).toString(16).padStart(64, "0")}`;
        const reference = `${REGISTRY}/${repositoryPath(entry)}:${entry.tag}`;
        return [name, { reference, digest, source: referenceOf(entry) }];
    });
    return { registry: REGISTRY, images: Object.fromEntries(entries) as ImageLock["images"] };
}

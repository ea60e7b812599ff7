import { containersAt } from "../../kubernetes/pods";
import { kubernetesDocs } from "../../references";
import { rule } from "../../rule";

const IMAGES = kubernetesDocs("Images", "concepts/containers/images/");

export const imageTag = rule({
    id: "pod-image-tag",
    title: "Images name a tag other than latest, or a digest",
    level: "mandatory",
    severity: "medium",
    why: "What `latest` means changes between two nodes and two restarts, so a rollback rolls nothing back.",
    fix: "Name the version that was tested.",
    references: [IMAGES],
    places: containersAt("image"),
    judge: (at) => {
        const image = at.text;
        if (image === undefined || image.includes("@")) return undefined;
        const tag = /:([^:/]+)$/.exec(image)?.[1];
        return tag === undefined || tag === "latest"
            ? { at, found: image, allowed: "a tag other than latest, or a digest" }
            : undefined;
    },
});

export const imageDigest = rule({
    id: "pod-image-digest",
    title: "Images in prod are pinned by digest",
    level: "mandatory-in-prod",
    severity: "medium",
    why: "A tag can be moved to another image; a digest is the image.",
    fix: "Append the digest that `images/lock.json` holds for this image.",
    references: [IMAGES],
    places: containersAt("image"),
    judge: (at) => {
        const image = at.text;
        return image === undefined || /@sha256:[0-9a-f]{64}$/.test(image)
            ? undefined
            : { at, found: image, allowed: "a reference that ends in @sha256: and 64 hex digits" };
    },
});

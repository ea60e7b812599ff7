import * as fc from "fast-check";

import { catalogue, CatalogueEntry, ImageName, referenceOf } from "../../../images/catalogue";
import {
    ImageLock,
    imagesOf,
    LOCK_FILE,
    lockedReferences,
    lockText,
    missingFromLock,
    parseLock,
    readLock,
    repositoryPath,
} from "../../../images/image-lock";

const names = Object.keys(catalogue) as ImageName[];
const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);

/** A lock as a push would write it, of any of the catalogue's images in any order. */
const locks: fc.Arbitrary<ImageLock> = fc
    .tuple(fc.shuffledSubarray(names), fc.constantFrom("127.0.0.1:5000/mlp", "registry.example.org"), digest)
    .map(([some, registry, sha]) => ({
        registry,
        images: Object.fromEntries(
            some.map((name) => [
                name,
                {
                    reference: `${registry}/${repositoryPath(catalogue[name])}:${catalogue[name].tag}`,
                    digest: sha,
                    source: referenceOf(catalogue[name]),
                },
            ]),
        ),
    }));

describe("the lock of images", () => {
    it("that is committed can be read", () => {
        expect(Object.keys(readLock(LOCK_FILE).images).every((name) => name in catalogue)).toBe(true);
    });

    it("comes back from its text, whatever the order of its images", () => {
        fc.assert(
            fc.property(locks, (lock) => {
                const reversed = Object.fromEntries(Object.entries(lock.images).reverse());
                expect(parseLock(lockText(lock), "lock")).toEqual(lock);
                expect(lockText({ ...lock, images: reversed })).toBe(lockText(lock));
            }),
        );
    });

    it("gives references by digest alone, ports and nested repositories included", () => {
        fc.assert(
            fc.property(locks, (lock) => {
                for (const [name, reference] of Object.entries(lockedReferences(lock))) {
                    const entry = catalogue[name as ImageName];
                    const { digest: locked } = lock.images[name]!;
                    expect(reference).toBe(`${lock.registry}/${repositoryPath(entry)}@${locked}`);
                }
            }),
        );
    });

    it("lacks exactly what it does not hold", () => {
        fc.assert(
            fc.property(locks, fc.subarray(names), (lock, used) => {
                const missing = used.filter((name) => lock.images[name] === undefined);
                expect(missingFromLock(lock, used).map(({ path }) => path)).toEqual(
                    missing.map((name) => `images/lock.json: images.${name}`),
                );
            }),
        );
    });

    it("says how what it lacks gets into it: ours are pushed, others' mirrored", () => {
        const lock = { registry: "r.example.org/mlp", images: {} };
        const [own, other] = missingFromLock(lock, ["torch-runtime", "trainer"]);
        expect(own!.fix).toContain("`mlp images push torch-runtime --to r.example.org/mlp`");
        expect(other!.fix).toContain("`mlp images mirror trainer --to r.example.org/mlp`");
        expect(missingFromLock({ images: {} }, ["trainer"])[0]!.fix).toContain("--to REGISTRY");
    });

    it("is stale where the catalogue has moved on", () => {
        const entry: CatalogueEntry = { ...catalogue.trainer, tag: "v9.9.9" };
        const lock = {
            registry: "r.example.org",
            images: {
                trainer: {
                    reference: "r.example.org/trainer:v2.3.0",
                    digest: `sha256:${"a".repeat(64)}`,
                    source: referenceOf(catalogue.trainer),
                },
            },
        };
        expect(missingFromLock(lock, ["trainer"])).toEqual([]);
        expect(missingFromLock(lock, ["trainer"], { trainer: entry })).toMatchObject([
            { path: "images/lock.json: images.trainer.source", found: referenceOf(catalogue.trainer) },
        ]);
    });

    it.each([
        ["a merge's marks", "<<<<<<< HEAD\n{}", /it is not JSON/],
        ["no images", "{}", /it has no images/],
        ["a list", "[]", /it has no images/],
        ["a registry that is no text", '{ "registry": 1, "images": {} }', /registry is not a text/],
        ["no digest", '{ "images": { "a": { "reference": "r/a:1" } } }', /images\.a has no reference/],
        ["a short digest", '{ "images": { "a": { "reference": "r/a:1", "digest": "sha256:ab" } } }', /images\.a/],
        ["no tag", `{ "images": { "a": { "reference": "r/a", "digest": "sha256:${"a".repeat(64)}" } } }`, /images\.a/],
    ])("is refused when damaged: %s", (_, text, message) => {
        expect(() => parseLock(text, "images/lock.json")).toThrow(message);
        expect(() => parseLock(text, "images/lock.json")).toThrow(/^images\/lock\.json: /);
    });
});

describe("the images of the catalogue in a registry", () => {
    it("are ours or others', none both, none neither", () => {
        expect([...imagesOf("own"), ...imagesOf("upstream")].sort()).toEqual([...names].sort());
        expect(imagesOf("own")).toContain("torch-runtime");
        expect(imagesOf("upstream")).toContain("trainer");
    });

    it("have a repository each, of a name that ECR takes", () => {
        const paths = names.map((name) => repositoryPath(catalogue[name]));
        expect(paths.filter((path) => !/^[a-z0-9]+([._/-][a-z0-9]+)*$/.test(path))).toEqual([]);
        const tagged = names.map((name) => `${repositoryPath(catalogue[name])}:${catalogue[name].tag}`);
        expect(new Set(tagged).size).toBe(names.length);
    });
});

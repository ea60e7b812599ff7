import { ImageSource, ObjectStore, unknownImage } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";
import { ArtifactCollection } from "./collection";

/** The part of the arguments that is known before anything is made. */
export interface PlainArgs {
    readonly images: ImageSource;
    readonly store: Pick<ObjectStore, "kind" | "region">;
    readonly replicas?: number;
    readonly restrictTemplates?: boolean;
    readonly signOn?: { readonly scopes?: readonly string[] };
    readonly archiveDays?: number;
    readonly keepHours?: number;
    readonly parallelism?: number;
    readonly podsPerSecond?: number;
    readonly artifactCollection?: ArtifactCollection;
}

export interface PipelinesSpec {
    readonly images: { readonly controller: string; readonly executor: string; readonly server: string };
    readonly store: Pick<ObjectStore, "kind" | "region">;
    readonly replicas: number;
    readonly restrictTemplates: boolean;
    readonly signOn?: { readonly scopes: readonly string[] };
    readonly archiveDays: number;
    readonly keepHours: number;
    readonly parallelism: number;
    readonly podsPerSecond: number;
    readonly artifactCollection: ArtifactCollection;
}

const COUNTS = {
    replicas: { byDefault: 1, most: 3, fix: "Take 1 on a single node, 2 elsewhere." },
    archiveDays: { byDefault: 90, most: 3650, fix: "Leave it out for 90." },
    keepHours: { byDefault: 24, most: 24 * 90, fix: "Leave it out for 24." },
    parallelism: { byDefault: 50, most: 10_000, fix: "Leave it out for 50." },
    podsPerSecond: { byDefault: 20, most: 1000, fix: "Leave it out for 20." },
} as const;

/**
 * Fills every default in. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong at once.
 */
export function resolvePipelines(args: PlainArgs, path: string): PipelinesSpec {
    const problems: Problem[] = [];
    const imageOf = (name: string): string => {
        const reference = args.images.references[name];
        if (reference === undefined) problems.push(unknownImage(args.images, name, `${path}.images`));
        return reference ?? "";
    };
    const count = (field: keyof typeof COUNTS): number => {
        const { byDefault, most, fix } = COUNTS[field];
        const value = args[field] ?? byDefault;
        if (!Number.isInteger(value) || value < 1 || value > most) {
            const allowed = `a whole number from 1 to ${most}`;
            problems.push({ path: `${path}.${field}`, found: value, allowed, fix });
        }
        return value;
    };
    const artifactCollection = args.artifactCollection ?? ArtifactCollection.Never;
    const collections: readonly string[] = Object.values(ArtifactCollection);
    if (!collections.includes(artifactCollection)) {
        problems.push({
            path: `${path}.artifactCollection`,
            found: artifactCollection,
            allowed: collections.join(", "),
            fix: "Name one of them, or leave it out.",
        });
    }
    const spec: PipelinesSpec = {
        images: {
            controller: imageOf("argo-workflow-controller"),
            executor: imageOf("argo-executor"),
            server: imageOf("argo-server"),
        },
        store: { kind: args.store.kind, region: args.store.region },
        replicas: count("replicas"),
        restrictTemplates: args.restrictTemplates ?? false,
        ...(args.signOn && { signOn: { scopes: args.signOn.scopes ?? ["groups", "email"] } }),
        archiveDays: count("archiveDays"),
        keepHours: count("keepHours"),
        parallelism: count("parallelism"),
        podsPerSecond: count("podsPerSecond"),
        artifactCollection,
    };
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze(spec);
}

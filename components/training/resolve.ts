import { ImageSource, unknownImage } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";
import { Framework, FRAMEWORKS } from "./framework";

/** The image that runs a framework's jobs. */
export interface RuntimeImage {
    framework: Framework;
    /** Name in the image catalogue. */
    image: string;
}

export const DEFAULT_RUNTIMES: readonly RuntimeImage[] = [
    { framework: Framework.Torch, image: "torch-runtime" },
    { framework: Framework.Plain, image: "plain-runtime" },
];

export interface TrainingSpec {
    readonly replicas: number;
    /** `initializer` where there is an image that brings data sets. */
    readonly images: { readonly jobset: string; readonly trainer: string; readonly initializer?: string };
    readonly runtimes: readonly { readonly framework: Framework; readonly runtime: string; readonly image: string }[];
}

/**
 * Looks every image up and fills every default in. Pure.
 *
 * @throws InvalidConfiguration with every unknown framework, repeated framework and missing image at once.
 */
export function resolveTraining(
    args: { images: ImageSource; runtimes?: readonly RuntimeImage[]; replicas?: number },
    path: string,
): TrainingSpec {
    const problems: Problem[] = [];
    const lookUp = (name: string, where: string): string => {
        const reference = args.images.references[name];
        if (reference === undefined) problems.push(unknownImage(args.images, name, where));
        return reference ?? "";
    };
    const wanted = args.runtimes ?? DEFAULT_RUNTIMES;
    const seen = new Set<Framework>();
    const runtimes = wanted.flatMap(({ framework, image }, index) => {
        const facts = Object.hasOwn(FRAMEWORKS, framework) ? FRAMEWORKS[framework] : undefined;
        if (facts === undefined || seen.has(framework)) {
            problems.push({
                path: `${path}.runtimes[${index}].framework`,
                found: framework,
                allowed: `each of ${Object.keys(FRAMEWORKS).join(", ")} at most once`,
                fix: "Correct the name, or take the repetition out.",
            });
            return [];
        }
        seen.add(framework);
        return [{ framework, runtime: facts.runtime, image: lookUp(image, `${path}.runtimes[${index}].image`) }];
    });
    const initializer = args.images.references["pipeline-steps"];
    const images = {
        jobset: lookUp("jobset", `${path}.images`),
        trainer: lookUp("trainer", `${path}.images`),
        ...(initializer !== undefined && { initializer }),
    };
    const replicas = args.replicas ?? 1;
    if (!Number.isInteger(replicas) || replicas < 1) {
        problems.push({
            path: `${path}.replicas`,
            found: replicas,
            allowed: "a whole number from 1 on",
            fix: "Take 1 on a single node, 2 elsewhere.",
        });
    }
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze({ replicas, images, runtimes });
}

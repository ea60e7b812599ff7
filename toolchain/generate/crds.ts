import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

/** A generated file of CustomResourceDefinitions and the Go packages that it comes from. */
export interface CrdTarget {
    /** Path of the JSON file, relative to the repository. */
    readonly file: string;
    /** Packages of toolchain/go's build list that hold the API types. */
    readonly packages: readonly string[];
}

export const CRD_TARGETS: readonly CrdTarget[] = [
    {
        file: "components/training/crds.json",
        packages: [
            "sigs.k8s.io/jobset/api/jobset/v1alpha2",
            "github.com/kubeflow/trainer/v2/pkg/apis/trainer/v1alpha1",
        ],
    },
];

interface Crd {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string };
    readonly spec: object;
}

/**
 * CustomResourceDefinitions of the pinned API types, without descriptions: they are most of the bytes of a platform,
 * and nothing reads them there.
 *
 * @returns the contents of the generated file.
 */
export function generateCrds(controllerGen: string, goModule: string, { packages }: CrdTarget): string {
    const output = mkdtempSync(join(tmpdir(), "mlp-crds-"));
    try {
        execFileSync(
            controllerGen,
            [
                "crd:maxDescLen=0,generateEmbeddedObjectMeta=true",
                ...packages.map((name) => `paths=${name}`),
                `output:crd:dir=${output}`,
            ],
            { cwd: goModule, env: { ...process.env, GOFLAGS: "-mod=readonly", GOTOOLCHAIN: "local" }, stdio: "pipe" },
        );
        const crds = readdirSync(output)
            .sort()
            .map((name) => parse(readFileSync(join(output, name), "utf8")) as Crd)
            .map(({ metadata, spec }) => ({ metadata: { name: metadata.name }, spec }));
        return `${JSON.stringify({ generatedBy: "npm run generate", crds })}\n`;
    } finally {
        rmSync(output, { recursive: true });
    }
}

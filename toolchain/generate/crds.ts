import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { catalogue } from "../../images/catalogue";
import { adaptArgoCrd } from "./argo-crds";
import { storedVersionOnly } from "./stored-version";

/** A generated file of CustomResourceDefinitions and what it is made from. */
export type CrdTarget = TypesTarget | ShippedTarget;

/** Made by controller-gen from Go types. */
export interface TypesTarget {
    readonly kind: "types";
    /** Path of the JSON file, relative to the repository. */
    readonly file: string;
    /** Packages of toolchain/go's build list that hold the API types. */
    readonly packages: readonly string[];
}

/** Read from YAML that a Go module ships: for what is pulled as an image and never built here. */
export interface ShippedTarget {
    readonly kind: "shipped";
    readonly file: string;
    readonly module: GoModuleVersion;
    readonly directory: string;
    /** Files within the directory, without `.yaml`. */
    readonly crds: readonly string[];
    /** What becomes of each, after its descriptions are gone. */
    readonly adapt?: (crd: Crd) => Crd;
}

/** One module at one version, outside every build list of ours. */
export interface GoModuleVersion {
    readonly path: string;
    readonly version: string;
    /** Checksum as go.sum would hold it. */
    readonly sum: string;
}

export const CRD_TARGETS: readonly CrdTarget[] = [
    {
        kind: "types",
        file: "components/training/crds.json",
        packages: [
            "sigs.k8s.io/jobset/api/jobset/v1alpha2",
            "github.com/kubeflow/trainer/v2/pkg/apis/trainer/v1alpha1",
        ],
    },
    {
        kind: "shipped",
        file: "components/autoscaling/crds.json",
        module: {
            path: "github.com/aws/karpenter-provider-aws",
            version: `v${catalogue.karpenter.tag}`,
            sum: "h1:WGtIQTQcxpElYMdWfWuPwaF2+9muR+hYhPZsTtoY8Gs=",
        },
        directory: "pkg/apis/crds",
        // Those of gates that are off (NodeOverlay, CapacityBuffer) stay out.
        crds: ["karpenter.k8s.aws_ec2nodeclasses", "karpenter.sh_nodeclaims", "karpenter.sh_nodepools"],
    },
    {
        kind: "shipped",
        file: "components/pipelines/crds.json",
        module: {
            path: "github.com/argoproj/argo-workflows/v4",
            version: catalogue["argo-workflow-controller"].tag,
            sum: "h1:/1lru5oXUd+k6KEDUps6rLX5OKfi1jTfabgXTly/VFU=",
        },
        // The others are the same without any types, and one Workflow with a wrong type can stop the controller.
        // No clusterworkflowtemplates: a team's templates are in its namespace, and without the right to that kind
        // controller and server do without it.
        directory: "manifests/base/crds/full",
        crds: [
            "cronworkflows",
            "workflowartifactgctasks",
            "workfloweventbindings",
            "workflows",
            "workflowtaskresults",
            "workflowtasksets",
            "workflowtemplates",
        ].map((name) => `argoproj.io_${name}`),
        adapt: adaptArgoCrd,
    },
    {
        kind: "shipped",
        file: "components/queueing/crds.json",
        module: {
            path: "sigs.k8s.io/kueue",
            version: catalogue.kueue.tag,
            sum: "h1:mPNzr37u0nwI7ikST5QQl5gg6EgtYOAvC9ZbTgywdN8=",
        },
        directory: "config/components/crd/bases",
        // Those of other clusters (MultiKueue) and of autoscalers' provisioning requests stay out.
        crds: [
            "admissionchecks",
            "clusterqueues",
            "cohorts",
            "localqueues",
            "resourceflavors",
            "topologies",
            "workloadpriorityclasses",
            "workloads",
        ].map((name) => `kueue.x-k8s.io_${name}`),
        adapt: storedVersionOnly,
    },
    {
        kind: "shipped",
        file: "components/gateway/gateway-api-crds.json",
        module: {
            path: "sigs.k8s.io/gateway-api",
            version: "v1.6.1",
            sum: "h1:mock6phZbI6rvZerwrVNk7hVNymQgHo+6sJ81Ia7ftY=",
        },
        directory: "config/crd/standard",
        // Of the routes those that the platform has; Envoy Gateway does without the others.
        crds: ["backendtlspolicies", "gatewayclasses", "gateways", "grpcroutes", "httproutes", "referencegrants"].map(
            (name) => `gateway.networking.k8s.io_${name}`,
        ),
    },
    {
        kind: "shipped",
        file: "components/gateway/envoy-gateway-crds.json",
        module: {
            path: "github.com/envoyproxy/gateway",
            version: catalogue["envoy-gateway"].tag,
            sum: "h1:PaOpud15v3kDCl3L5yc1TdYzggCMpRm1yRjNKmLkzHA=",
        },
        directory: "charts/gateway-helm/charts/crds/crds/generated",
        // Without those that patch or extend Envoy itself.
        crds: ["backendtrafficpolicies", "clienttrafficpolicies", "envoyproxies", "securitypolicies"].map(
            (name) => `gateway.envoyproxy.io_${name}`,
        ),
    },
];

/** The parts of a CustomResourceDefinition that are kept. */
export interface Crd {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
    readonly spec: object;
}

/** Without it the API server refuses a kind of Kubernetes' own groups. */
const APPROVAL = "api-approved.kubernetes.io";
const OWN_GROUP = /\.(k8s|kubernetes)\.io$/;

function keptMetadata({ metadata: { name, annotations = {} } }: Crd): Crd["metadata"] {
    const approval = annotations[APPROVAL];
    return OWN_GROUP.test(name) && approval !== undefined ? { name, annotations: { [APPROVAL]: approval } } : { name };
}

/**
 * CustomResourceDefinitions without descriptions: they are most of the bytes of a platform, and nothing reads them
 * there.
 *
 * @returns the contents of the generated file.
 */
export function generateCrds(controllerGen: string, goModule: string, target: CrdTarget): string {
    const crds = target.kind === "types" ? fromTypes(controllerGen, goModule, target) : fromModule(target);
    const kept = crds.map((crd) => ({ metadata: keptMetadata(crd), spec: crd.spec }));
    return `${JSON.stringify({ generatedBy: "npm run generate", crds: kept })}\n`;
}

function fromTypes(controllerGen: string, goModule: string, { packages }: TypesTarget): Crd[] {
    const output = mkdtempSync(join(tmpdir(), "mlp-crds-"));
    try {
        execFileSync(
            controllerGen,
            [
                "crd:maxDescLen=0,generateEmbeddedObjectMeta=true",
                ...packages.map((name) => `paths=${name}`),
                `output:crd:dir=${output}`,
            ],
            { cwd: goModule, env: goEnvironment("-mod=readonly"), stdio: "pipe" },
        );
        return readdirSync(output)
            .sort()
            .map((name) => readCrd(join(output, name)));
    } finally {
        rmSync(output, { recursive: true });
    }
}

function fromModule({ module, directory, crds, adapt = (crd) => crd }: ShippedTarget): Crd[] {
    const folder = join(downloadModule(module), directory);
    return crds.map((name) => adapt(withoutDescriptions(readCrd(join(folder, `${name}.yaml`)))));
}

/** Where Go keeps the module's files; it needs no go.mod of ours. */
function downloadModule({ path, version, sum }: GoModuleVersion): string {
    const answer = execFileSync("go", ["mod", "download", "-json", `${path}@${version}`], {
        cwd: tmpdir(),
        env: { ...goEnvironment(""), GOWORK: "off" },
        stdio: "pipe",
        encoding: "utf8",
    });
    const { Dir, Sum } = JSON.parse(answer) as { Dir: string; Sum: string };
    if (Sum !== sum)
        throw new Error(`${path}@${version} has the checksum ${Sum}, not ${sum}: write the right one down`);
    return Dir;
}

function goEnvironment(flags: string): NodeJS.ProcessEnv {
    return { ...process.env, GOFLAGS: flags, GOTOOLCHAIN: "local" };
}

function readCrd(file: string): Crd {
    return parse(readFileSync(file, "utf8")) as Crd;
}

/** A property that is called `description` has a schema, not a text, and stays. */
export function withoutDescriptions<T>(value: T): T {
    if (Array.isArray(value)) return value.map(withoutDescriptions) as T;
    if (typeof value !== "object" || value === null) return value;
    const kept = Object.entries(value).filter(([key, inner]) => key !== "description" || typeof inner !== "string");
    return Object.fromEntries(kept.map(([key, inner]) => [key, withoutDescriptions(inner)])) as T;
}

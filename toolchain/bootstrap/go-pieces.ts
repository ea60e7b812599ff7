import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { repositoryRoot } from "../paths";
import type { Step } from "../progress";
import { ARGO_MODULE, argoUi } from "./argo-ui";
import { contentKey, ensureEntry, entryPath, filesBelow, hasEntry, type Entry } from "./entry";
import { ToolchainError } from "./errors";
import {
    GO_CURE,
    goBuild,
    goVersion,
    inTurn,
    moduleFolder,
    moduleKey,
    requiredVersion,
    requireGo,
    unpackedModule,
    type GoModule,
} from "./go-build";
import { patchedModule, type Addition } from "./go-patch";
import { goProducts, productOf, type GoBinary, type GoBuildList, type GoProduct } from "./go-products";
import type { Context, Piece, PieceStatus } from "./piece";
import { withStep, type StepResult } from "./step";

const OWN_VERSION = "0.1.0";

const folderOf = (list: GoBuildList): string => join(repositoryRoot, "toolchain", list);
const listOf = (product: GoProduct): GoBuildList => goProducts[product].list ?? "go";
const required = (list: GoBuildList, module: string): string =>
    requiredVersion(readFileSync(join(folderOf(list), "go.mod"), "utf8"), module);

/** What each build list is stamped with: programs that do not read their version from their build say a wrong one. */
const stamps: Readonly<Record<GoBuildList, () => Record<string, string>>> = {
    go: kubernetesStamps,
    argo: argoStamps,
    "envoy-gateway": envoyGatewayStamps,
    // Without it the program calls itself v0.0.0-main.
    kueue: () => ({ "sigs.k8s.io/kueue/pkg/version.GitVersion": `v${required("kueue", "sigs.k8s.io/kueue")}` }),
    kwok: () => ({}),
    "karpenter-kwok": () => ({
        "sigs.k8s.io/karpenter/pkg/operator.Version": required("karpenter-kwok", "sigs.k8s.io/karpenter"),
    }),
};

// Without these stamps the API server calls itself v0.0.0, which clients refuse.
function kubernetesStamps(): Record<string, string> {
    const version = required("go", "k8s.io/kubernetes");
    const [major = "", minor = ""] = version.split(".");
    const values = {
        gitVersion: `v${version}`,
        gitMajor: major,
        gitMinor: minor,
        gitCommit: "none",
        gitTreeState: "clean",
        buildDate: "2026-01-01T00:00:00Z",
    };
    const packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
    return Object.fromEntries(
        packages.flatMap((name) => Object.entries(values).map(([field, value]) => [`${name}.${field}`, value])),
    );
}

// Without these the controller and the server call themselves v0.0.0.
function argoStamps(): Record<string, string> {
    const version = `v${required("argo", ARGO_MODULE)}`;
    const values = { version, gitTag: version, gitCommit: "none", gitTreeState: "clean" };
    return Object.fromEntries(Object.entries(values).map(([field, value]) => [`${ARGO_MODULE}.${field}`, value]));
}

// Without it the program knows no version of its own.
function envoyGatewayStamps(): Record<string, string> {
    const version = `v${required("envoy-gateway", "github.com/envoyproxy/gateway")}`;
    return { "github.com/envoyproxy/gateway/internal/cmd/version.envoyGatewayVersion": version };
}

const goModule = (list: GoBuildList): GoModule => ({ folder: folderOf(list), tags: [], stamps: stamps[list]() });

/** The cache entry that holds a product's executables. */
export function productEntry(product: GoProduct, version: string): Entry {
    const { packages, sources, files = [] } = goProducts[product];
    const list = listOf(product);
    const own = sources.flatMap((source) => filesBelow(join(folderOf(list), source)));
    const parts = [...Object.values(packages), ...own, ...files, ...additionKeys(product)];
    return { kind: "bin", name: product, key: contentKey(moduleKey(goModule(list), version), ...parts) };
}

function additionKeys(product: GoProduct): string[] {
    const { additions = {}, embedsUi } = goProducts[product];
    const folder = folderOf(listOf(product));
    const files = Object.entries(additions).flatMap(([target, name]) => [
        target,
        readFileSync(join(folder, name), "utf8"),
    ]);
    return embedsUi === undefined ? files : [...files, embedsUi, argoUi().key];
}

/** Where an executable is, or will be once its product has been built; files of the product lie beside it. */
export function binaryPath(binary: GoBinary, version: string): string {
    return join(entryPath(productEntry(productOf[binary], version)), binary);
}

export function productVersion(product: GoProduct): string {
    const { module } = goProducts[product];
    return module === undefined ? OWN_VERSION : required(listOf(product), module);
}

export function goPiece(product: GoProduct): Piece<void> {
    const version = productVersion(product);
    const title = `${goProducts[product].title} ${version}`;
    return {
        name: product,
        title,
        inspect: () => Promise.resolve(inspect(product, title, version)),
        ensure: (context) => inTurn(() => withStep(context, title, (step) => ensure(product, title, context, step))),
    };
}

function inspect(product: GoProduct, title: string, version: string): PieceStatus {
    const described = { name: product, title, version };
    const go = goVersion();
    if (go === undefined) return { ...described, state: "missing", cause: "Go is not on PATH", cure: GO_CURE };
    const entry = productEntry(product, go);
    return hasEntry(entry)
        ? { ...described, state: "ready", origin: "built", location: entryPath(entry) }
        : { ...described, state: "missing", cause: "not built yet", cure: "`npm run up` builds it" };
}

async function ensure(product: GoProduct, title: string, context: Context, step: Step): Promise<StepResult<void>> {
    const entry = productEntry(product, requireGo());
    const { packages, sources } = goProducts[product];
    const list = listOf(product);
    for (const source of sources) {
        if (!existsSync(join(folderOf(list), source))) {
            throw new ToolchainError(
                `${title}: the folder toolchain/${list}/${source} is missing; restore it from git`,
            );
        }
    }
    const made = await ensureEntry(entry, context, step, async (target) => {
        const module = goModule(list);
        const work = join(target, ".module");
        const patched = await patch(product, title, module, work, context, step);
        await goBuild({ title, module: patched, packages, folder: target, logName: product }, context, step);
        rmSync(work, { recursive: true, force: true });
        copyFiles(product, module, target);
    });
    return { value: undefined, outcome: made ? "built" : "found" };
}

/** The build list, with what the product's module lacks laid over a copy of it. */
async function patch(
    product: GoProduct,
    title: string,
    module: GoModule,
    folder: string,
    context: Context,
    step: Step,
): Promise<GoModule> {
    const { module: dependency, additions = {}, embedsUi } = goProducts[product];
    const ours = Object.entries(additions).map(([target, name]) => ({ source: join(module.folder, name), target }));
    const ui: Addition[] = embedsUi === undefined ? [] : [{ source: argoUi().folder, target: embedsUi }];
    if (dependency === undefined || ours.length + ui.length === 0) return module;
    step.waiting("fetching and copying its module");
    const unpacked = await unpackedModule({ title, module, dependency, logName: product }, context);
    return patchedModule(module, { dependency, unpacked, additions: [...ours, ...ui] }, folder);
}

/** Files of a module come from its archive, whose content go.sum holds. */
function copyFiles(product: GoProduct, module: GoModule, target: string): void {
    const { module: name, files = [] } = goProducts[product];
    if (name === undefined || files.length === 0) return;
    const source = moduleFolder(module, name);
    for (const file of files) copyFileSync(join(source, file), join(target, basename(file)));
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../paths";
import type { Step } from "../progress";
import { contentKey, ensureEntry, entryPath, filesBelow, hasEntry, type Entry } from "./entry";
import { ToolchainError } from "./errors";
import { GO_CURE, goBuild, goVersion, inTurn, moduleKey, requiredVersion, requireGo, type GoModule } from "./go-build";
import { goProducts, productOf, type GoBinary, type GoProduct } from "./go-products";
import type { Context, Piece, PieceStatus } from "./piece";
import { withStep, type StepResult } from "./step";

const folder = join(repositoryRoot, "toolchain", "go");
const OWN_VERSION = "0.1.0";

const goModText = (): string => readFileSync(join(folder, "go.mod"), "utf8");

// Without these stamps the API server calls itself v0.0.0, which clients refuse.
function kubernetesStamps(): Record<string, string> {
    const version = requiredVersion(goModText(), "k8s.io/kubernetes");
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

const goModule = (): GoModule => ({ folder, tags: [], stamps: kubernetesStamps() });

/** The cache entry that holds a product's executables. */
export function productEntry(product: GoProduct, version: string): Entry {
    const { packages, sources } = goProducts[product];
    const own = sources.flatMap((source) => filesBelow(join(folder, source)));
    const key = contentKey(moduleKey(goModule(), version), ...Object.values(packages), ...own);
    return { kind: "bin", name: product, key };
}

/** Where an executable is, or will be once its product has been built. */
export function binaryPath(binary: GoBinary, version: string): string {
    return join(entryPath(productEntry(productOf[binary], version)), binary);
}

export function productVersion(product: GoProduct): string {
    const { module } = goProducts[product];
    return module === undefined ? OWN_VERSION : requiredVersion(goModText(), module);
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
    for (const source of sources) {
        if (!existsSync(join(folder, source))) {
            throw new ToolchainError(`${title}: the folder toolchain/go/${source} is missing; restore it from git`);
        }
    }
    const made = await ensureEntry(entry, context, step, (target) =>
        goBuild({ title, module: goModule(), packages, folder: target, logName: product }, context, step),
    );
    return { value: undefined, outcome: made ? "built" : "found" };
}

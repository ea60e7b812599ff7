import * as fs from "node:fs";
import * as path from "node:path";

/** A Pulumi package that the program has installed, and so the plugin that the engine must load. */
export interface RequiredPackage {
    readonly name: string;
    readonly version: string;
    readonly server: string;
}

interface Manifest {
    readonly name?: string;
    readonly version?: string;
    readonly pulumi?: {
        readonly resource?: boolean;
        readonly name?: string;
        readonly version?: string;
        readonly server?: string;
    };
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Packages in node_modules whose manifest says that they need a resource plugin, each once. */
export function requiredPackages(programDirectory: string): RequiredPackage[] {
    const found = new Map<string, RequiredPackage>();
    for (const modules of moduleDirectories(programDirectory)) {
        for (const name of installed(modules)) {
            const manifest = readManifest(path.join(modules, name));
            const { pulumi } = manifest;
            if (pulumi?.resource !== true) continue;
            const plugin = pulumi.name ?? name.replace(/^@pulumi\//, "");
            if (found.has(plugin)) continue;
            const version = (pulumi.version ?? manifest.version ?? "").replace(/^v/, "");
            found.set(plugin, { name: plugin, version: `v${version}`, server: pulumi.server ?? "" });
        }
    }
    return [...found.values()];
}

/** Direct dependencies and the versions that are installed, for `pulumi about`. */
export function directDependencies(programDirectory: string): { name: string; version: string }[] {
    const root = ancestors(programDirectory).find((directory) => fs.existsSync(path.join(directory, "package.json")));
    if (root === undefined) return [];
    const { dependencies = {}, devDependencies = {} } = readManifest(root);
    return Object.keys({ ...dependencies, ...devDependencies }).flatMap((name) => {
        const { version } = readManifest(path.join(root, "node_modules", name));
        return version === undefined ? [] : [{ name, version }];
    });
}

function moduleDirectories(from: string): string[] {
    return ancestors(from)
        .map((directory) => path.join(directory, "node_modules"))
        .filter((directory) => fs.existsSync(directory));
}

function ancestors(directory: string): string[] {
    const parent = path.dirname(directory);
    return parent === directory ? [directory] : [directory, ...ancestors(parent)];
}

function installed(modules: string): string[] {
    return fs
        .readdirSync(modules)
        .filter((entry) => !entry.startsWith("."))
        .flatMap((entry) =>
            entry.startsWith("@")
                ? fs.readdirSync(path.join(modules, entry)).map((name) => `${entry}/${name}`)
                : [entry],
        );
}

/** An empty manifest where there is none: not every folder in node_modules is a package. */
function readManifest(directory: string): Manifest {
    const file = path.join(directory, "package.json");
    return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Manifest) : {};
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../paths";
import type { AwsProviderName, Origin, PluginName, ProviderName } from "./piece";
import { pulumiVersion } from "./pulumi";

export const providerNames = ["kubernetes", "random", "tls"] as const satisfies readonly ProviderName[];

/** Only for stacks on AWS: a local platform brings none of them up. */
export const awsProviderNames = ["aws", "eks"] as const satisfies readonly AwsProviderName[];

/** A plugin of the engine, and the stand-in that takes its place where the official one cannot be had. */
export interface PluginKind {
    readonly piece: PluginName;
    readonly title: string;
    readonly version: string;
    /** Folder in the plugin cache; the engine accepts only the exact version. */
    readonly folder: string;
    readonly executable: string;
    /** Where the official one can be downloaded; undefined where it comes only with the CLI. */
    readonly download: { readonly kind: "resource"; readonly name: string; readonly url: string } | undefined;
    /** What ours is, where the official one cannot be had. */
    readonly replacement: Extract<Origin, "stand-in" | "simulator">;
    /** The stand-in's program. */
    readonly main: string;
    /** The folders whose files decide what the stand-in is. */
    readonly sources: readonly string[];
}

const PROVIDERS = join(repositoryRoot, "toolchain", "providers");
const LANGUAGE_HOST = join(repositoryRoot, "toolchain", "language-host");

const REPLACEMENTS: Readonly<Record<ProviderName, PluginKind["replacement"]>> = {
    aws: "simulator",
    eks: "simulator",
    kubernetes: "stand-in",
    random: "stand-in",
    tls: "stand-in",
};

/** Folders of other stand-ins that one is made of: the aws simulator gives a control plane its nodes. */
const USES: Readonly<Partial<Record<ProviderName, readonly string[]>>> = { aws: ["kubernetes"] };

export function providerPlugin(name: ProviderName): PluginKind {
    const version = sdkVersion(name);
    const architecture = process.arch === "x64" ? "amd64" : process.arch;
    const file = `pulumi-resource-${name}-v${version}-${process.platform}-${architecture}.tar.gz`;
    return {
        piece: `provider-${name}`,
        title: `Pulumi ${name} provider ${version}`,
        version,
        folder: `resource-${name}-v${version}`,
        executable: `pulumi-resource-${name}`,
        download: { kind: "resource", name, url: `https://get.pulumi.com/releases/plugins/${file}` },
        replacement: REPLACEMENTS[name],
        main: join(PROVIDERS, name, "main.ts"),
        sources: ["base", name, ...(USES[name] ?? [])].map((folder) => join(PROVIDERS, folder)),
    };
}

export function languageHostPlugin(): PluginKind {
    const version = pulumiVersion();
    return {
        piece: "language-host",
        title: `Pulumi Node language host ${version}`,
        version,
        folder: `language-nodejs-v${version}`,
        executable: "pulumi-language-nodejs",
        download: undefined,
        replacement: "stand-in",
        main: join(LANGUAGE_HOST, "main.ts"),
        sources: [LANGUAGE_HOST],
    };
}

/** The npm SDK asks the engine for the plugin of its own version. */
function sdkVersion(name: ProviderName): string {
    const manifest = require.resolve(`@pulumi/${name}/package.json`, { paths: [repositoryRoot] });
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    return version.replace(/^v/, "");
}

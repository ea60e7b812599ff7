import { createRequire } from "node:module";
import * as path from "node:path";

import { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";

/** The `runtime.options` of a Pulumi.yaml that this host understands. */
export interface RuntimeOptions {
    readonly typescript: boolean;
    readonly nodeargs: readonly string[];
    readonly tsconfig: string | undefined;
    readonly packagemanager: string;
}

export function runtimeOptions(info: ProgramInfo): RuntimeOptions {
    const given = info.getOptions()?.toJavaScript() ?? {};
    const text = (key: string): string | undefined => {
        const value = given[key];
        return typeof value === "string" && value !== "" ? value : undefined;
    };
    return {
        typescript: given.typescript !== false,
        nodeargs: (text("nodeargs") ?? "").split(/\s+/).filter((argument) => argument !== ""),
        tsconfig: text("tsconfig"),
        packagemanager: text("packagemanager") ?? "npm",
    };
}

/** What the SDK's runners read to decide how to load TypeScript. */
export function typescriptEnvironment({ typescript, tsconfig }: RuntimeOptions): Record<string, string> {
    return {
        ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
        ...(tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
    };
}

/** Finds a module as the program in this directory would find it. */
export function locate(module: string, directory: string): string {
    try {
        return createRequire(path.join(directory, "package.json")).resolve(module);
    } catch {
        throw new Error(
            `cannot find ${module} from ${directory}: the program needs @pulumi/pulumi, run npm ci --ignore-scripts`,
        );
    }
}

/** The program that the engine wants to work with. */
export function programOf(request: { getInfo(): ProgramInfo | undefined }): ProgramInfo {
    const info = request.getInfo();
    if (info === undefined) throw new Error("the engine named no program; this host needs Pulumi 3.100 or newer");
    return info;
}

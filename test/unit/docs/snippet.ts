import { join } from "node:path";

import * as ts from "typescript";

import { ROOT } from "./pages";

/** Type errors of a program as another project would write it, with `@mlp/components` taken from this checkout. */
export function typeErrors(code: string): string[] {
    const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
        config: object;
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT, {
        baseUrl: ROOT,
        paths: { "@mlp/components": ["components/index.ts"] },
        types: ["node"],
    });
    const file = join(ROOT, "snippet.ts");
    const host = ts.createCompilerHost(options);
    const read = host.getSourceFile.bind(host);
    host.fileExists = (path) => path === file || ts.sys.fileExists(path);
    host.getSourceFile = (path, target, ...rest) =>
        path === file ? ts.createSourceFile(path, code, target, true) : read(path, target, ...rest);

    const program = ts.createProgram([file], options, host);
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
        ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"),
    );
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { directDependencies, requiredPackages } from "../../../../toolchain/language-host/packages";
import { parseEnvironment } from "../../../../toolchain/language-host/plugin";
import { runnerConfig } from "../../../../toolchain/language-host/program";
import { locate, runtimeOptions, typescriptEnvironment } from "../../../../toolchain/language-host/runtime";

describe("the language host", () => {
    const folder = mkdtempSync(join(tmpdir(), "language-host-"));
    const write = (file: string, content: unknown): void => {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), JSON.stringify(content));
    };
    afterAll(() => rmSync(folder, { recursive: true }));

    it("finds the plugins that installed packages ask for, in parent folders too", () => {
        const pulumi = { resource: true };
        write("node_modules/@pulumi/random/package.json", { name: "@pulumi/random", version: "4.21.1", pulumi });
        write("node_modules/other/package.json", { name: "other", version: "1.0.0" });
        write("infra/node_modules/vendored/package.json", {
            name: "vendored",
            version: "0.1.0",
            pulumi: { ...pulumi, name: "own", version: "v2.0.0", server: "https://x" },
        });

        expect(requiredPackages(join(folder, "infra"))).toEqual([
            { name: "own", version: "v2.0.0", server: "https://x" },
            { name: "random", version: "v4.21.1", server: "" },
        ]);
    });

    it("tells the versions of direct dependencies", () => {
        write("package.json", { dependencies: { "@pulumi/random": "*", missing: "*" } });

        expect(directDependencies(join(folder, "infra"))).toEqual([{ name: "@pulumi/random", version: "4.21.1" }]);
    });

    it("gives the runner configuration under the keys that it reads", () => {
        expect(
            runnerConfig([
                ["mlp:platform", "{}"],
                ["aws:config:region", "eu-west-1"],
            ]),
        ).toEqual({
            "mlp:config:platform": "{}",
            "aws:config:region": "eu-west-1",
        });
    });

    it("reads environment lines with equals signs in the value", () => {
        expect(parseEnvironment(["A=1", "B=x=y", "C="])).toEqual({ A: "1", B: "x=y", C: "" });
    });

    it("passes the project's options on to the SDK", () => {
        const info = new ProgramInfo().setOptions(
            Struct.fromJavaScript({ nodeargs: "--import  tsx", tsconfig: "tsconfig.program.json" }),
        );
        const options = runtimeOptions(info);

        expect(options).toMatchObject({ typescript: true, nodeargs: ["--import", "tsx"], packagemanager: "npm" });
        expect(typescriptEnvironment(options)).toEqual({
            PULUMI_NODEJS_TYPESCRIPT: "true",
            PULUMI_NODEJS_TSCONFIG_PATH: "tsconfig.program.json",
        });
    });

    it("says what to do when the program's packages are not installed", () => {
        expect(() => locate("@pulumi/absent/cmd/run", folder)).toThrow(/run npm ci --ignore-scripts/);
    });
});

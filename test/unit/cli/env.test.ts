import { execFileSync } from "node:child_process";

import { pulumiEnvironment } from "../../../cli/engine";
import { quote } from "../../../cli/env";
import { dataDir } from "../../../toolchain/paths";
import { temporaryData } from "./temporary-data";

describe("quote", () => {
    it.each(["", "plain/path:1", "two words", "it's", 'a "b" $c `d` \\e', "*", "a;b", "a\nb"])(
        "gives a shell %j as one word",
        (text) => {
            expect(execFileSync("sh", ["-c", `printf %s ${quote(text)}`], { encoding: "utf8" })).toBe(text);
        },
    );
});

describe("pulumiEnvironment", () => {
    temporaryData();
    const tools = { pulumiHome: "/home", pulumiBin: "/bin" };
    const of = (users?: NodeJS.ProcessEnv) => pulumiEnvironment(tools, undefined, "file", users);

    it("names a backend and a passphrase of this machine's own", () => {
        expect(of()).toMatchObject({
            PULUMI_BACKEND_URL: `file://${dataDir("state")}`,
            PULUMI_CONFIG_PASSPHRASE_FILE: dataDir("passphrase"),
        });
    });

    it("leaves a shared stack its backend and passphrase", () => {
        const users = { PULUMI_BACKEND_URL: "s3://team", PULUMI_CONFIG_PASSPHRASE: "secret" };
        expect(of(users)).toMatchObject({ PULUMI_BACKEND_URL: "s3://team" });
        expect(of(users)).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE_FILE");
        expect(of({ PULUMI_CONFIG_PASSPHRASE_FILE: "/theirs" })).toMatchObject({
            PULUMI_CONFIG_PASSPHRASE_FILE: "/theirs",
        });
    });
});

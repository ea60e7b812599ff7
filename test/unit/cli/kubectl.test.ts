import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { UserError } from "../../../cli/errors";
import { Kubectl } from "../../../cli/kubectl";

describe("Kubectl", () => {
    const folder = mkdtempSync(join(tmpdir(), "mlp-kubectl-"));
    afterAll(() => rmSync(folder, { recursive: true }));

    /** A kubectl that is a shell script. */
    const scripted = (script: string, context?: string): Kubectl => {
        const command = join(folder, "kubectl");
        writeFileSync(command, `#!/bin/sh\n${script}\n`);
        chmodSync(command, 0o755);
        return new Kubectl(command, "/a/kubeconfig", context);
    };

    it("finds an object in the cluster and context that it was made for", () => {
        const kubectl = scripted(`printf '{"asked":"%s %s"}' "$KUBECONFIG" "$*"`, "theirs");
        expect(kubectl.find("pod", "a")).toEqual({
            asked: "/a/kubeconfig --context theirs get pod a --ignore-not-found --output=json --request-timeout=15s",
        });
    });

    it.each([
        ["an object", "true"],
        ["its kind", `echo "error: the server doesn't have a resource type \\"X\\"" >&2; exit 1`],
    ])("finds nothing where %s is not there", (_, script) => {
        expect(scripted(script).find("x", "a")).toBeUndefined();
    });

    it("does not take a cluster that cannot be reached for an empty one", () => {
        const kubectl = scripted('echo "a warning" >&2; echo "connection refused" >&2; exit 1');
        expect(() => kubectl.find("pod", "a")).toThrow(UserError);
        expect(() => kubectl.find("pod", "a")).toThrow(
            "The cluster of /a/kubeconfig cannot be asked for pod a: connection refused",
        );
    });

    it("follows a command to its last line, with or without newline", async () => {
        const lines: string[] = [];
        const kubectl = scripted("printf 'one\\ntwo\\nthree'");
        await new Promise<void>((resolve) => {
            kubectl.follow(["logs"], (line) => {
                lines.push(line);
                if (line === "three") resolve();
            });
        });
        expect(lines).toEqual(["one", "two", "three"]);
    });

    it("says that a command cannot be started", async () => {
        const kubectl = new Kubectl(join(folder, "absent"), "k");
        const line = await new Promise<string>((resolve) => kubectl.follow(["logs"], resolve));
        expect(line).toMatch(/kubectl logs: .*ENOENT/);
    });
});

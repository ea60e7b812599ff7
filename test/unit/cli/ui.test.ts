import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { UserError } from "../../../cli/errors";
import { Kubectl } from "../../../cli/kubectl";
import { MemberToken } from "../../../cli/member-token";
import { PortForward } from "../../../cli/port-forward";
import { addressOf, namespaceOf } from "../../../cli/ui";

const folder = mkdtempSync(join(tmpdir(), "mlp-ui-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A kubectl that is a shell script. */
const scripted = (script: string): Kubectl => {
    const command = join(folder, "kubectl");
    writeFileSync(command, `#!/bin/sh\ncd "${folder}"\n${script}\n`);
    chmodSync(command, 0o755);
    return new Kubectl(command, "/a/kubeconfig");
};

describe("whose pages are shown", () => {
    const teams = (...names: string[]) => ({
        find: <T>() =>
            ({ items: names.map((name) => ({ metadata: { name, labels: { "mlp.dev/team": name } } })) }) as T,
    });
    const nobody = {
        find: () => {
            throw new Error("forbidden");
        },
    };

    it("are the named team's, without a list of all", () => {
        expect(namespaceOf(nobody, "vision")).toBe("team-vision");
    });

    it("are the only team's", () => {
        expect(namespaceOf(teams("vision"), undefined)).toBe("team-vision");
    });

    it("must be said where there are several, and cannot where there is none", () => {
        expect(() => namespaceOf(teams("vision", "speech"), undefined)).toThrow(/--team speech or --team vision/);
        expect(() => namespaceOf(teams(), undefined)).toThrow(UserError);
    });
});

describe("where a service answers", () => {
    it.each([
        ["http://mlflow.registry.svc:5000", { service: "mlflow", namespace: "registry", port: 5000, secure: false }],
        ["argo.pipelines.svc:2746", { service: "argo", namespace: "pipelines", port: 2746, secure: true }],
        ["http://a.b.svc.cluster.local", { service: "a", namespace: "b", port: 80, secure: false }],
        ["https://a.b.svc", { service: "a", namespace: "b", port: 443, secure: true }],
    ])("is read from %s", (value, address) => expect(addressOf({ SERVER: value }, "SERVER")).toEqual(address));

    it("is nowhere where the team was not given it, or elsewhere", () => {
        expect(() => addressOf({}, "ARGO_SERVER")).toThrow(/has no ARGO_SERVER/);
        expect(() => addressOf({ ARGO_SERVER: "argo.example.org:443" }, "ARGO_SERVER")).toThrow(/open it directly/);
    });
});

describe("a port forward", () => {
    const address = { namespace: "pipelines", service: "server", port: 2746, secure: true };
    const forwarding = 'echo "$*" >> calls; echo "Forwarding from 127.0.0.1:4242 -> 2746"; exec sleep 60';
    const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    afterEach(() => rmSync(join(folder, "calls"), { force: true }));

    it("starts with the first call, on loopback, and only once", async () => {
        const forward = new PortForward(scripted(forwarding), address);
        expect(existsSync(join(folder, "calls"))).toBe(false);
        expect(await Promise.all([forward.port(), forward.port()])).toEqual([4242, 4242]);
        expect(calls()).toEqual(["port-forward --namespace pipelines --address 127.0.0.1 service/server :2746"]);
        forward.end();
    });

    it("starts again after it was given up", async () => {
        const forward = new PortForward(scripted(forwarding), address);
        await forward.port();
        forward.end();
        await forward.port();
        expect(calls()).toHaveLength(2);
        forward.end();
    });

    it("is given up by whom it failed, but not for a port that it had before", async () => {
        const forward = new PortForward(scripted(forwarding), address);
        await forward.port();
        forward.lost(4241);
        await forward.port();
        expect(calls()).toHaveLength(1);
        forward.lost(4242);
        await forward.port();
        expect(calls()).toHaveLength(2);
        forward.end();
    });

    it("says why the Service cannot be reached, and tries again", async () => {
        const forward = new PortForward(scripted("echo 'error: no pod is running' >&2; exit 1"), address);
        const failure = "Service server of namespace pipelines cannot be reached: error: no pod is running";
        await expect(forward.port()).rejects.toThrow(failure);
        scripted(forwarding);
        expect(await forward.port()).toBe(4242);
        forward.end();
    });
});

describe("a member's token", () => {
    const started = Date.parse("2026-01-01T00:00:00Z");
    const giving = `echo "$*" >> tokens; n=$(wc -l < tokens | tr -d ' ')
echo '{"status":{"token":"token-'$n'","expirationTimestamp":"2026-01-01T0'$n':00:00Z"}}'`;
    afterEach(() => rmSync(join(folder, "tokens"), { force: true }));

    it("is asked for once an hour, before the last one ends", async () => {
        let now = started;
        const token = new MemberToken(scripted(giving), "team-vision", "member", () => now);
        expect(await Promise.all([token.get(), token.get()])).toEqual(["token-1", "token-1"]);
        now += 49 * 60_000;
        expect(await token.get()).toBe("token-1");
        now += 2 * 60_000;
        expect(await token.get()).toBe("token-2");
        expect(readFileSync(join(folder, "tokens"), "utf8").split("\n")[0]).toBe(
            "create token member --namespace team-vision --duration=3600s --output=json",
        );
    });

    it("that is refused says why, and is asked for again", async () => {
        const refused = scripted("echo 'error: serviceaccounts \"member\" not found' >&2; exit 1");
        const token = new MemberToken(refused, "team-vision", "member", () => started);
        await expect(token.get()).rejects.toThrow(
            'No token of service account team-vision/member: error: serviceaccounts "member" not found',
        );
        scripted(giving);
        expect(await token.get()).toBe("token-1");
    });
});

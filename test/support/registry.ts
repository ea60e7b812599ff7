import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { stringify } from "yaml";

import { distributionPiece } from "../../toolchain/bootstrap/distribution";
import { findExecutable } from "../../toolchain/bootstrap/run";
import { silentProgress } from "../../toolchain/progress";
import { freePort } from "./free-port";

interface Options {
    readonly readOnly?: boolean;
    /** Runs in the network namespace of this process, at that namespace's own loopback address. */
    readonly besideProcess?: number;
    /** An Apache password file whose users alone are served. */
    readonly passwords?: string;
}

/**
 * A real registry server, the distribution's `docker-registry`, on loopback. Several of them may serve one storage, as
 * replicas do: each is a process of ours, ended by its id.
 */
export class TestRegistry {
    private readonly folder = mkdtempSync(join(tmpdir(), "mlp-registry-"));
    private readonly servers: ChildProcess[] = [];

    /** Installs the server where it is missing. */
    static async create(): Promise<TestRegistry> {
        const needed = [{ name: "docker-registry", commands: ["docker-registry"], forCluster: false }];
        const context = { progress: silentProgress, signal: new AbortController().signal };
        await distributionPiece(undefined, needed).ensure(context);
        return new TestRegistry();
    }

    /** Starts one more server over the same storage; answers with its address. */
    async serve({ readOnly = false, besideProcess, passwords }: Options = {}, port?: number): Promise<string> {
        const address = `127.0.0.1:${port ?? (await freePort())}`;
        const config = join(this.folder, `${this.servers.length}.yml`);
        const configuration = {
            version: 0.1,
            log: { level: "error", accesslog: { disabled: true } },
            storage: {
                filesystem: { rootdirectory: join(this.folder, "storage") },
                maintenance: { readonly: { enabled: readOnly } },
            },
            http: { addr: address },
            ...(passwords !== undefined && { auth: { htpasswd: { realm: "test", path: passwords } } }),
        };
        writeFileSync(config, stringify(configuration));
        const serve = [findExecutable("docker-registry") ?? "docker-registry", "serve", config];
        const inside = besideProcess === undefined ? [] : ["nsenter", "--target", `${besideProcess}`, "--net"];
        const [command = "", ...args] = [...inside, ...serve];
        const server = spawn(command, args, { stdio: "ignore" });
        this.servers.push(server);
        await this.answers(address, server, besideProcess);
        return address;
    }

    /** Every file that is stored, with the time of its last change. */
    stored(): string[] {
        const storage = join(this.folder, "storage");
        const files = readdirSync(storage, { recursive: true, encoding: "utf8" }).sort();
        return files.map((file) => `${file} ${statSync(join(storage, file)).mtimeMs}`);
    }

    /** Ends the servers and removes what they stored. */
    async remove(): Promise<void> {
        for (const server of this.servers) {
            if (server.exitCode !== null || server.signalCode !== null) continue;
            const ended = once(server, "exit");
            server.kill("SIGKILL");
            await ended;
        }
        rmSync(this.folder, { recursive: true, force: true });
    }

    private async answers(address: string, server: ChildProcess, besideProcess?: number): Promise<void> {
        for (let attempt = 0; attempt < 100; attempt++) {
            if (server.exitCode !== null) throw new Error(`the registry at ${address} ended: ${server.exitCode}`);
            if (await isUp(address, besideProcess)) return;
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error(`the registry at ${address} does not answer`);
    }
}

async function isUp(address: string, besideProcess?: number): Promise<boolean> {
    if (besideProcess === undefined) {
        // A refusal for want of a password is an answer.
        return fetch(`http://${address}/v2/`).then(
            () => true,
            () => false,
        );
    }
    const [host = "", port = ""] = address.split(":");
    const probe = ["--target", `${besideProcess}`, "--net", "bash", "-c", `exec 3<>/dev/tcp/${host}/${port}`];
    const child = spawn("nsenter", probe, { stdio: "ignore" });
    const [code] = (await once(child, "exit")) as [number | null];
    return code === 0;
}

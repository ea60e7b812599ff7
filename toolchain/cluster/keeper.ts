/**
 * The program outside the namespaces, a daemon: makes cgroups and certificates, starts the supervisor, carries loopback
 * connections inside, and leaves nothing behind at the end. Bundled by bundle.ts. Whoever runs it holds a lock, so that
 * there is one at a time: everything that changes the state happens here.
 */
import { ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { CgroupPlan, createCgroups, Hierarchy, planCgroups, removeCgroups } from "./cgroups";
import { KeeperMethods, KeeperStatus, serveControl } from "./control";
import { portableKubeconfig } from "./kubeconfig";
import { CONTROL_SOCKET, HostLayout, hostLayout, net, RELAY_SOCKET, socketPath } from "./layout";
import { ensurePki } from "./pki";
import { PublishedServices } from "./published";
import { listenOnLoopback } from "./relay";
import { NodePlan, supervisorIn, SupervisorEvent } from "./rpc";
import { sandboxCommand } from "./sandbox";
import { ClusterError, ClusterProfile, KeeperConfig, Timing } from "./types";

/** What the keeper is asked to do: keep a cluster, or only clear away what a killed keeper left. */
export type KeeperRequest =
    { readonly mode: "keep"; readonly config: KeeperConfig } | { readonly mode: "sweep"; readonly purge: boolean };

/** How long a failed keeper stays to tell why. */
const LINGER_MS = 2_000;
const STOP_WITHIN_MS = 30_000;

class Keeper {
    private readonly began = Date.now();
    private readonly lines: string[] = [];
    private readonly timings: Timing[] = [];
    private readonly published: PublishedServices;
    private phase: KeeperStatus["phase"] = "starting";
    private error: string | undefined;
    private versions: Record<string, string> = {};
    private child: ChildProcess | undefined;
    private supervisor: ReturnType<typeof supervisorIn> | undefined;
    private ending: Promise<void> | undefined;

    constructor(
        private readonly layout: HostLayout,
        private readonly config: KeeperConfig,
    ) {
        this.published = new PublishedServices(layout);
    }

    async keep(): Promise<void> {
        await serveControl(this.layout, this.methods());
        for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void this.end(false));
        try {
            await this.start();
        } catch (error) {
            await this.fail((error as Error).message);
        }
    }

    private async start(): Promise<void> {
        const { layout, config } = this;
        await sweep(layout);
        await this.listenForApi();
        const made = ensurePki(layout.pki);
        if (made.length > 0) this.step(`certificates made: ${made.length}`);
        writeFileSync(layout.kubeconfig, portableKubeconfig(layout.pki, "admin", apiUrl(config.apiPort)), {
            mode: 0o600,
        });
        const plan = planOf(layout, config.profile);
        const { methods } = this.spawnSupervisor(plan.nodes === "real" ? plan.cgroups.hierarchies : []);
        this.versions = await methods.start(plan);
        await this.published.restore((line) => this.say(line));
        this.phase = "running";
        this.step("running");
    }

    private async listenForApi(): Promise<void> {
        const { apiPort } = this.config;
        const target = { host: "127.0.0.1", port: net.apiPort };
        try {
            await listenOnLoopback(apiPort, target, socketPath(this.layout.run, RELAY_SOCKET));
        } catch (error) {
            const { code, message } = error as NodeJS.ErrnoException;
            const address = `Port ${apiPort} of 127.0.0.1, wanted for the API server,`;
            if (code !== "EADDRINUSE") throw new ClusterError(`${address} cannot be used: ${message}`);
            throw new ClusterError(
                `${address} is taken by another program: end that program, or choose a free port with MLP_API_PORT=<port>.`,
            );
        }
    }

    private spawnSupervisor(hierarchies: readonly Hierarchy[]) {
        const node = [process.execPath, "--max-old-space-size=64", join(__dirname, "supervisor.js")];
        const directories = hierarchies.map(({ directory }) => directory);
        const [program = "", ...args] = sandboxCommand(directories, node);
        const child = spawn(program, args, { cwd: "/", stdio: ["ignore", "inherit", "inherit", "ipc"] });
        const supervisor = supervisorIn(child, (event) => this.onEvent(event));
        child.once("error", (error) => supervisor.abandon(error.message));
        child.once("exit", (code, signal) => {
            const how = `The cluster's namespaces ended with ${signal ?? `code ${code}`} (log: ${join(this.layout.logs, "keeper.log")}).`;
            supervisor.abandon(how);
            if (this.phase === "running") void this.fail(how);
        });
        this.child = child;
        this.supervisor = supervisor;
        return supervisor;
    }

    private onEvent(event: SupervisorEvent): void {
        if ("step" in event) this.step(event.step);
        else this.say(event.log);
    }

    private step(done: string): void {
        const seconds = (Date.now() - this.began) / 1000;
        this.timings.push({ step: done, seconds });
        this.say(`${done} (${seconds.toFixed(1)} s)`);
    }

    /** To the log always, to callers while the cluster starts. */
    private say(line: string): void {
        console.log(`${new Date().toISOString()} ${line}`);
        if (this.phase === "starting") this.lines.push(line);
    }

    private methods(): KeeperMethods {
        const running = () => {
            if (this.phase === "running" && this.supervisor !== undefined) return this.supervisor.methods;
            throw new ClusterError(`The cluster is ${this.phase}, not running.`);
        };
        return {
            status: () => this.status(),
            importImages: async (images) => running().importImages(images),
            publish: async (service) => (running(), this.published.publish(service)),
            unpublish: async (service) => (running(), this.published.unpublish(service)),
            stop: ({ purge }) => {
                void this.end(purge);
                return Promise.resolve();
            },
        };
    }

    private async status(): Promise<KeeperStatus> {
        const components = this.phase === "running" ? await this.supervisor?.methods.components() : undefined;
        return {
            phase: this.phase,
            ...(this.error === undefined ? {} : { error: this.error }),
            pid: process.pid,
            fingerprint: this.config.fingerprint,
            apiPort: this.config.apiPort,
            lines: this.lines,
            timings: this.timings,
            versions: this.versions,
            published: this.published.all,
            components: components ?? [],
        };
    }

    private async fail(message: string): Promise<void> {
        if (this.ending !== undefined) return this.ending;
        this.say(`failed: ${message}`);
        this.phase = "failed";
        this.error = message;
        await this.endSupervisor();
        await sweep(this.layout);
        setTimeout(() => this.leave(1), LINGER_MS);
    }

    private end(purge: boolean): Promise<void> {
        this.ending ??= (async () => {
            this.phase = "stopping";
            this.say("stopping");
            await this.endSupervisor();
            await sweep(this.layout);
            if (purge) removeState(this.layout);
            this.leave(0);
        })();
        return this.ending;
    }

    /** Gently within a limit; then the kernel ends the namespaces together with their first process. */
    private async endSupervisor(): Promise<void> {
        const { child, supervisor } = this;
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
        const gone = new Promise((resolve) => child.once("exit", resolve));
        const limit = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
        await supervisor?.methods.stop().catch((error: Error) => this.say(`stopping: ${error.message}`));
        child.kill("SIGKILL");
        await gone;
        clearTimeout(limit);
    }

    private leave(code: number): void {
        rmSync(join(this.layout.run, CONTROL_SOCKET), { force: true });
        process.exit(code);
    }
}

const apiUrl = (port: number) => `https://127.0.0.1:${port}`;

function planOf(layout: HostLayout, profile: ClusterProfile): NodePlan {
    const state = layout.root;
    return profile.nodes === "real" ? { ...profile, state, cgroups: makeCgroups(layout) } : { ...profile, state };
}

const cgroupRecord = (layout: HostLayout) => join(layout.run, "cgroups.json");

/** Recorded before they are made, so that whoever comes next can remove what a killed keeper left. */
function makeCgroups(layout: HostLayout): CgroupPlan {
    const id = createHash("sha256").update(layout.root).digest("hex").slice(0, 8);
    const read = (file: string) => readFileSync(`/proc/self/${file}`, "utf8");
    const plan = planCgroups(read("cgroup"), read("mountinfo"), `mlp-cluster-${id}`);
    const directories = plan.hierarchies.map(({ directory }) => directory);
    writeFileSync(cgroupRecord(layout), JSON.stringify(directories));
    createCgroups(plan);
    return plan;
}

/** Clears away cgroups, and processes in them, of a cluster that has ended. */
async function sweep(layout: HostLayout): Promise<void> {
    if (!existsSync(cgroupRecord(layout))) return;
    const left = await removeCgroups(JSON.parse(readFileSync(cgroupRecord(layout), "utf8")) as string[]);
    if (left.length > 0) throw new Error(`These cgroups could not be removed: ${left.join(", ")}`);
    rmSync(cgroupRecord(layout));
}

/** Away from its name first, so that an interruption never leaves half a state under it. */
function removeState({ root }: HostLayout): void {
    const doomed = join(dirname(root), `.${basename(root)}.purged`);
    rmSync(doomed, { recursive: true, force: true });
    if (existsSync(root)) renameSync(root, doomed);
    rmSync(doomed, { recursive: true, force: true });
}

function removeOldBundles(layout: HostLayout): void {
    const current = basename(__dirname);
    for (const name of readdirSync(layout.run)) {
        if (name.startsWith("program-") && name !== current) rmSync(join(layout.run, name), { recursive: true });
    }
}

async function main(): Promise<void> {
    const layout = hostLayout(process.argv[2] ?? "");
    const request = JSON.parse(readFileSync(0, "utf8")) as KeeperRequest;
    if (request.mode === "sweep") {
        await sweep(layout);
        if (request.purge) removeState(layout);
        return;
    }
    for (const folder of [layout.run, layout.logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    removeOldBundles(layout);
    await new Keeper(layout, request.config).keep();
}

main().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
});

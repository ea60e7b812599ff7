import { existsSync, rmSync } from "node:fs";
import { DISTRIBUTION_PACKAGES, hasPackage, type DistributionPackage } from "../distribution-packages";
import { cacheDir } from "../paths";
import type { Step } from "../progress";
import { logPath } from "./entry";
import { ToolchainError } from "./errors";
import { withLock } from "./lock";
import type { Context, Piece, PieceStatus } from "./piece";
import { answer, findExecutable, run, type RunOptions } from "./run";
import { withStep, type StepResult } from "./step";

const NAME = "distribution-packages";
const TITLE = "distribution packages";

/** How the host differs in a test. */
export interface Host {
    has(needed: DistributionPackage): boolean;
    isRoot(): boolean;
    hasApt(): boolean;
}

const thisHost: Host = {
    has: hasPackage,
    isRoot: () => process.getuid?.() === 0,
    hasApt: () => findExecutable("apt-get") !== undefined,
};

/** By default the packages of the local platform. */
export function distributionPiece(host: Host = thisHost, packages = DISTRIBUTION_PACKAGES): Piece<void> {
    const missing = () => packages.filter((needed) => !host.has(needed)).map(({ name }) => name);
    return {
        name: NAME,
        title: TITLE,
        inspect: () => Promise.resolve(inspect(host, missing())),
        ensure: (context) => withStep(context, TITLE, (step) => ensure(host, missing, context, step)),
    };
}

function inspect(host: Host, missing: readonly string[]): PieceStatus {
    const described = { name: NAME, title: TITLE, version: versions() } as const;
    if (missing.length === 0) return { ...described, state: "ready", origin: "distribution", location: "/usr" };
    const cure = host.isRoot() && host.hasApt() ? "`npm run up` installs them" : `run: ${command(host, missing)}`;
    return { ...described, state: "missing", cause: `not installed: ${missing.join(", ")}`, cure };
}

async function ensure(host: Host, missingNow: () => string[], context: Context, step: Step): Promise<StepResult<void>> {
    if (missingNow().length === 0) return { value: undefined, outcome: "found" };
    const onWait = (pid: number) => step.waiting(`process ${pid} is installing them already, waiting for it`);
    return withLock(cacheDir("locks", NAME), { signal: context.signal, onWait }, async () => {
        const missing = missingNow();
        if (missing.length === 0) return { value: undefined, outcome: "found" };
        if (!host.hasApt() || !host.isRoot()) throw new ToolchainError(cannotInstall(host, missing));
        await install(missing, context, step);
        const still = missingNow();
        if (still.length > 0) {
            throw new ToolchainError(`${TITLE}: still missing after their installation: ${still.join(", ")}`);
        }
        return { value: undefined, outcome: `installed ${missing.join(", ")}` };
    });
}

function cannotInstall(host: Host, missing: readonly string[]): string {
    const reason = host.hasApt() ? "installing them needs root" : "there is no apt-get to install them";
    return `${TITLE}: ${missing.join(", ")} not found, and ${reason}. Run:\n  ${command(host, missing)}`;
}

function command(host: Host, missing: readonly string[]): string {
    const list = missing.join(" ");
    return host.hasApt()
        ? `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${list}`
        : `your distribution's package manager, for: ${list}`;
}

async function install(missing: readonly string[], { signal }: Context, step: Step): Promise<void> {
    const log = logPath(NAME);
    rmSync(log, { force: true });
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
    const onLine = (line: string) => step.waiting(line);
    const options: RunOptions = { piece: TITLE, log, env, signal, onLine, outlivesUs: true };
    const apt = (...args: string[]) =>
        run([...withoutSystemd(), "apt-get", "-o", "DPkg::Lock::Timeout=600", ...args], options);
    step.waiting("apt-get update");
    await apt("update", "-q");
    // Completes what an interrupted installation has left halfway; otherwise it does nothing.
    await run([...withoutSystemd(), "dpkg", "--configure", "-a"], options);
    await apt("install", "-y", "-q", "--no-install-recommends", ...missing);
    if (missing.includes("containerd") && existsSync(SYSTEMD)) {
        // The embedded cluster runs a containerd of its own.
        await run(["systemctl", "disable", "--now", "containerd.service"], { piece: TITLE, log, signal });
    }
}

const SYSTEMD = "/run/systemd/system";

// Maintainer scripts start services only where they see systemd; hiding it leaves no policy file behind when killed.
function withoutSystemd(): string[] {
    if (!existsSync(SYSTEMD)) return [];
    const script = `mount -t tmpfs none ${SYSTEMD}/.. && exec "$@"`;
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"];
}

function versions(): string {
    const shown = ["containerd", "runc", "containernetworking-plugins", "buildah"];
    // dpkg-query fails when one of them is missing, and lists the others all the same.
    const installed = answer(["sh", "-c", `dpkg-query -W -f '\${Package} \${Version}, ' ${shown.join(" ")} || true`]);
    return installed?.replace(/, $/, "") ?? "";
}

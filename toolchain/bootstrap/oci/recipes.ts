import { chmodSync, mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CatalogueEntry } from "../../../images/catalogue";
import { cacheDir, repositoryRoot } from "../../paths";
import { hostAptSettings, standardSources } from "../apt";
import { logPath } from "../entry";
import { ToolchainError } from "../errors";
import { hostNpmSettings } from "../npm";
import { hostPipSettings } from "../pip";
import { bundledProgram, PROGRAM } from "../program";
import { run, type RunOptions } from "../run";
import { layoutOfFolder, layoutOfLayer, type ImageArchive } from "./image";

/** What a recipe may use. `folder` is its own and vanishes if it fails. */
export interface Kitchen {
    readonly title: string;
    readonly logName: string;
    readonly folder: string;
    /** Where the image's OCI layout goes. */
    readonly layout: string;
    readonly signal: AbortSignal;
    readonly onLine: (line: string) => void;
}

type ContainerfileRecipe = Extract<CatalogueEntry["recipe"], { kind: "containerfile" }>;

/** Raise one when images made by that recipe change without their own files changing. */
export const DEBIAN_FORMAT = "2";
export const CONTAINERFILE_FORMAT = "2";

// Mounts made by the tools below end with the process, however it ends.
const OWN_MOUNTS = [
    "unshare",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    "--propagation",
    "private",
];

const STORAGE = "storage";
const RUN_ROOT = "run";
const BUILD_APT = "etc-apt";
const EXPORTED = "exported";
const SERVICE = "service";

const UNWANTED = ["/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*", "/usr/share/lintian/*"];

/** A minimal Debian with a shell, coreutils and apt, fetched from the host's mirror, naming only Debian's own. */
export async function makeDebian(kitchen: Kitchen, suite: string): Promise<void> {
    const { folder, layout } = kitchen;
    const settings = writeHostApt(folder, suite);
    const standard = join(folder, "debian.sources");
    writeFileSync(standard, standardSources(suite));
    const layer = join(folder, "layer.tar");
    const hooks = [
        `cp "${standard}" "$1/etc/apt/sources.list.d/debian.sources"`,
        // mmdebstrap leaves the host's mirror, its apt options and its names there.
        'rm -f "$1/etc/apt/sources.list" "$1/etc/apt/apt.conf.d/99mmdebstrap" "$1/etc/hostname" "$1/etc/resolv.conf"',
        'find "$1/etc/apt/sources.list.d" -type f ! -name debian.sources -delete',
        // In place of mmdebstrap's own cleaning, which leaves folders that belong to apt's user or not, as it happens.
        'rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*',
        'rm -rf "$1"/var/log/* "$1"/var/cache/ldconfig',
    ];
    await inOwnMounts(kitchen, [
        "mmdebstrap",
        "--mode=root",
        "--variant=apt",
        "--format=tar",
        "--skip=cleanup/apt",
        `--aptopt=${settings.options}`,
        ...["/usr/share/doc/*", ...UNWANTED].map((path) => `--dpkgopt=path-exclude=${path}`),
        "--dpkgopt=path-include=/usr/share/doc/*/copyright",
        ...hooks.map((hook) => `--customize-hook=${hook}`),
        suite,
        layer,
        settings.sources,
    ]);
    for (const file of Object.values(settings)) rmSync(file);
    await layoutOfLayer(layout, layer, { entrypoint: [], command: ["bash"], user: "0:0" });
}

/** The host's settings as files that only their owner reads: they may hold a proxy's or a mirror's password. */
function writeHostApt(folder: string, suite: string): { readonly sources: string; readonly options: string } {
    const { sources, options } = hostAptSettings(suite);
    const files = { sources: join(folder, "host-sources.list"), options: join(folder, "host-apt.conf") };
    writePrivately(files.sources, sources);
    writePrivately(files.options, options);
    return files;
}

function writePrivately(file: string, lines: readonly string[]): void {
    writeFileSync(file, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
}

/**
 * `images/<directory>/Containerfile` on a base that this toolchain has. The folder of a service is the further context
 * `service`. Its RUN lines find how this host reaches package indexes in /etc/apt/pip.conf and /etc/apt/npmrc.
 */
export async function makeFromContainerfile(
    kitchen: Kitchen,
    { directory, service, program }: Pick<ContainerfileRecipe, "directory" | "service" | "program">,
    base: ImageArchive,
    suite: string,
): Promise<void> {
    const context = join(repositoryRoot, "images", directory);
    const ofService = service === undefined ? undefined : serviceFolder(kitchen.folder, service, program);
    const further = ofService === undefined ? [] : ["--build-context", `service=${ofService}`];
    const buildah = buildahIn(kitchen);
    const built = "localhost/built:now";
    await buildah("pull", "--quiet", `oci-archive:${base.archive}`);
    await buildah(
        ...["bud", "--isolation", "chroot", "--network", "host", "--pull-never", "--layers=false"],
        ...["--format", "oci", "--timestamp", "0", "--build-arg", `BASE=${base.reference}`],
        ...further,
        ...["--volume", `${buildTimeApt(kitchen.folder, suite)}:/etc/apt`],
        ...["--tag", built, "--file", join(context, "Containerfile"), context],
    );
    await exportLayout(kitchen, built);
}

/** What a Containerfile gets as `service`: the folder itself, or of a program the one file that it becomes. */
function serviceFolder(folder: string, service: string, program: string | undefined): string {
    if (program === undefined) return join(repositoryRoot, service);
    const built = join(folder, SERVICE);
    mkdirSync(built, { recursive: true });
    writeFileSync(join(built, PROGRAM), bundledProgram(service, program));
    return built;
}

/** The image as its registry has it, for this machine's architecture. */
export async function pull(kitchen: Kitchen, { repository, tag, digest }: CatalogueEntry): Promise<void> {
    const reference = digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}`;
    await buildahIn(kitchen)("pull", `docker://${reference}`);
    await exportLayout(kitchen, reference);
}

type Buildah = (...args: string[]) => Promise<void>;

// The storage is part of the unfinished folder: no interruption can damage what another build relies on.
function buildahIn(kitchen: Kitchen): Buildah {
    const { folder } = kitchen;
    const places = ["--root", join(folder, STORAGE), "--runroot", join(folder, RUN_ROOT)];
    return (...args) => inOwnMounts(kitchen, ["buildah", ...places, "--storage-driver", storageDriver(), ...args]);
}

async function exportLayout(kitchen: Kitchen, image: string): Promise<void> {
    const { folder, layout } = kitchen;
    const exported = join(folder, EXPORTED);
    // Uncompressed: the archive is read once, from the same disk. buildah leaves layers alone only in a plain folder.
    const form = ["--quiet", "--disable-compression", "--format", "oci"];
    await buildahIn(kitchen)("push", ...form, image, `dir:${exported}`);
    await layoutOfFolder(layout, exported);
    for (const used of [STORAGE, RUN_ROOT, BUILD_APT, EXPORTED, SERVICE]) {
        rmSync(join(folder, used), { recursive: true, force: true });
    }
}

// Takes the place of the image's /etc/apt while RUN lines work, so that nothing of the host's stays inside.
function buildTimeApt(folder: string, suite: string): string {
    const apt = join(folder, BUILD_APT);
    const { sources, options } = hostAptSettings(suite);
    for (const name of ["apt.conf.d", "auth.conf.d", "preferences.d", "sources.list.d", "trusted.gpg.d"]) {
        mkdirSync(join(apt, name), { recursive: true });
    }
    writePrivately(join(apt, "sources.list"), sources);
    writePrivately(join(apt, "apt.conf.d", "99-host"), options);
    const pip = hostPipSettings();
    const certificates = pip.certificates === undefined ? [] : ["cert = /etc/apt/pip.pem"];
    writePrivately(join(apt, "pip.conf"), ["[global]", ...pip.options, ...certificates]);
    if (pip.certificates !== undefined) writePrivately(join(apt, "pip.pem"), [pip.certificates]);
    const npm = hostNpmSettings();
    const bundle = npm.certificates === undefined ? [] : ["cafile=/etc/apt/npm.pem"];
    writePrivately(join(apt, "npmrc"), [...npm.options, ...bundle]);
    if (npm.certificates !== undefined) writePrivately(join(apt, "npm.pem"), [npm.certificates]);
    chmodSync(apt, 0o755);
    return apt;
}

// Overlay does not nest: inside a container the cache itself may lie on one.
function storageDriver(): string {
    const OVERLAYFS_MAGIC = 0x794c7630;
    return statfsSync(cacheDir()).type === OVERLAYFS_MAGIC ? "vfs" : "overlay";
}

async function inOwnMounts(kitchen: Kitchen, command: readonly string[]): Promise<void> {
    if (process.getuid?.() !== 0) {
        throw new ToolchainError(
            `${kitchen.title}: making it needs root, for mounts of its own; run the command as root`,
        );
    }
    const options: RunOptions = {
        piece: kitchen.title,
        shown: shownName(command),
        log: logPath(kitchen.logName),
        env: { ...process.env, SOURCE_DATE_EPOCH: "0", TMPDIR: kitchen.folder },
        signal: kitchen.signal,
        onLine: kitchen.onLine,
    };
    await run([...OWN_MOUNTS, ...command], options);
}

// Of a build tool's command, its name and the verb say what failed: `buildah bud`, `mmdebstrap`.
function shownName([program = "", ...args]: readonly string[]): string {
    const verb = args.find((word) => ["bud", "pull", "push"].includes(word));
    return verb === undefined ? program : `${program} ${verb}`;
}

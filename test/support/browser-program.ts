import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";

import { programFolders } from "../../toolchain/distribution-packages";
import { cacheDir } from "../../toolchain/paths";

/** A Chromium, and what its environment needs. */
export interface Program {
    readonly path: string;
    readonly environment: Readonly<Record<string, string>>;
}

const COMMANDS = ["chromium", "chromium-browser", "google-chrome"];

/** Chromium from the npm package, unpacked once for each version; elsewhere than on x64 the machine's own. */
export async function chromium(architecture: string = process.arch, folders = programFolders()): Promise<Program> {
    // The package holds the libraries as well that a bare machine lacks. Its own code, made for AWS Lambda, is not used.
    if (architecture === "x64") return unpacked(packageOf(require.resolve("@sparticuz/chromium")));
    const found = folders.flatMap((folder) => COMMANDS.map((name) => join(folder, name))).find(existsSync);
    if (found === undefined) {
        throw new Error(`install one of ${COMMANDS.join(", ")}: there is none for ${architecture} in the npm package`);
    }
    return { path: found, environment: {} };
}

/** The folder of the package that a file belongs to: its package.json cannot be asked for by name. */
function packageOf(file: string): string {
    const folder = dirname(file);
    return existsSync(join(folder, "bin")) ? folder : packageOf(folder);
}

async function unpacked(source: string): Promise<Program> {
    const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as { version: string };
    const folder = cacheDir("test", `chromium-${version}`);
    if (!existsSync(folder)) await unpack(join(source, "bin"), folder);
    // Each time: it names the folder, and a cache may have been moved since. Without fonts no page shows a word.
    writeFileSync(join(folder, "fonts.conf"), fontsConfiguration(folder));
    return {
        path: join(folder, "chromium"),
        environment: { LD_LIBRARY_PATH: join(folder, "lib"), FONTCONFIG_FILE: join(folder, "fonts.conf") },
    };
}

async function unpack(archives: string, folder: string): Promise<void> {
    const draft = `${folder}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    try {
        const read = (name: string) => promisify(brotliDecompress)(readFileSync(join(archives, name)));
        writeFileSync(join(draft, "chromium"), await read("chromium.br"));
        chmodSync(join(draft, "chromium"), 0o755);
        for (const name of ["al2023.tar.br", "fonts.tar.br", "swiftshader.tar.br"]) {
            execFileSync("tar", ["--extract", "--no-same-owner", "--directory", draft], { input: await read(name) });
        }
        if (!existsSync(folder)) renameSync(draft, folder);
    } finally {
        rmSync(draft, { recursive: true, force: true });
    }
}

/** The package's own points to folders of AWS Lambda. */
function fontsConfiguration(folder: string): string {
    const dirs = `<dir>${join(folder, "fonts")}</dir><cachedir>${join(folder, "font-cache")}</cachedir>`;
    return `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>${dirs}</fontconfig>\n`;
}

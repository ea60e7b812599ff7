import { readFileSync } from "node:fs";
import { answer } from "./run";

/** Where and how this host fetches Debian packages; used while an image is made, never left inside it. */
export interface AptSettings {
    /** One-line sources for the wanted suite. */
    readonly sources: readonly string[];
    /** `Acquire::…` settings, such as a proxy. */
    readonly options: readonly string[];
}

// Only how to reach a mirror: proxies, timeouts, and the checks that a frozen mirror fails.
const TRANSPORT = /^Acquire::(Check-|ForceIPv|Retries|http|socks)[^ ]* "[^"]+";$/;

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** What an image's own source list says: the names that resolve everywhere. */
export function standardSources(suite: string): string {
    const stanza = (uri: string, suites: string) =>
        `Types: deb\nURIs: ${uri}\nSuites: ${suites}\nComponents: main\nSigned-By: ${KEYRING}\n`;
    return [
        stanza("http://deb.debian.org/debian", `${suite} ${suite}-updates`),
        stanza("http://deb.debian.org/debian-security", `${suite}-security`),
    ].join("\n");
}

/** The host's settings for another suite; where the host is not Debian, Debian's own mirror. */
export function hostAptSettings(suite: string): AptSettings {
    const codename = hostCodename();
    const targets = codename === undefined ? [] : hostTargets(codename);
    const sources = targets.map(([uri, release]) => sourceLine(uri, release.replace(codename ?? "", suite)));
    const options = (answer(["apt-config", "dump"]) ?? "").split("\n").filter((line) => TRANSPORT.test(line));
    if (sources.length > 0) return { sources, options };
    return { sources: [sourceLine("http://deb.debian.org/debian", suite)], options };
}

function sourceLine(uri: string, release: string): string {
    return `deb [signed-by=${KEYRING}] ${uri} ${release} main`;
}

function hostCodename(): string | undefined {
    const release = readFileSync("/etc/os-release", "utf8");
    if (!/^ID=debian$/m.test(release)) return undefined;
    return /^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1];
}

// apt itself reads its sources, old format or new. Other repositories use other suites or other components.
function hostTargets(codename: string): [string, string][] {
    const wanted = [codename, `${codename}-updates`, `${codename}-security`];
    const format = "$(REPO_URI) $(RELEASE) $(COMPONENT)";
    const listed = answer(["apt-get", "indextargets", "--format", format, "Created-By: Packages"]) ?? "";
    const targets = listed.split("\n").map((line) => line.split(" "));
    return targets.flatMap(([uri = "", release = "", component]): [string, string][] =>
        component === "main" && wanted.includes(release) ? [[uri, release]] : [],
    );
}

/** What the embedded cluster needs of the machine and nothing can build. */
export interface HostCheck {
    readonly name: string;
    readonly found: string;
    /** What to do; undefined when all is well. */
    readonly cure?: string;
}

/** What there is to check; a test gives its own. */
export interface Host {
    readonly node: string;
    readonly platform: string;
    readonly uid: number | undefined;
}

const ELSEWHERE = "or name another cluster by `cluster.kind: existing` in the stack file";

/** Checks that take no time, so that nobody waits for a build to learn of them. Pure. */
export function hostChecks(host: Host = thisHost()): HostCheck[] {
    const [major = 0, minor = 0] = host.node.split(".").map(Number);
    const newEnough = major > 20 || (major === 20 && minor >= 20);
    return [
        check("Node.js", host.node, newEnough, "install Node.js 20.20 or newer"),
        check("operating system", host.platform, host.platform === "linux", `use a Linux machine, ${ELSEWHERE}`),
        check(
            "root",
            host.uid === 0 ? "yes" : "no",
            host.uid === 0,
            `run it as root: it makes namespaces; ${ELSEWHERE}`,
        ),
    ];
}

function check(name: string, found: string, right: boolean, cure: string): HostCheck {
    return right ? { name, found } : { name, found, cure };
}

function thisHost(): Host {
    return { node: process.versions.node, platform: process.platform, uid: process.getuid?.() };
}

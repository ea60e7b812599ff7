import { clusterStatus } from "../toolchain/cluster";
import { inspect, PieceStatus } from "../toolchain/bootstrap";
import { UserError } from "./errors";

/** Says of each piece whether it is there, its version, where it comes from, and the cure where it is not. */
export async function doctor(): Promise<void> {
    const pieces = await inspect();
    const host = hostChecks();
    const cluster = await clusterStatus();
    for (const line of table([...host.map(hostRow), ...pieces.map(pieceRow)])) console.log(line);
    console.log(
        cluster.state === "running"
            ? `embedded cluster: running at ${cluster.info.apiUrl}, ${cluster.components.length} components`
            : `embedded cluster: ${cluster.state}`,
    );
    const wrong = host.filter(({ cure }) => cure !== undefined).length;
    if (wrong > 0) throw new UserError(`${wrong} of these checks must be mended before \`npm run up\`.`);
}

interface HostCheck {
    readonly name: string;
    readonly found: string;
    /** What to do; undefined when all is well. */
    readonly cure?: string;
}

/** What the embedded cluster needs of the machine and nothing can build. */
function hostChecks(): HostCheck[] {
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    const node = major > 20 || (major === 20 && minor >= 20);
    const root = process.getuid?.() === 0;
    return [
        { name: "Node.js", found: process.versions.node, ...(!node && { cure: "install Node.js 20.20 or newer" }) },
        {
            name: "Linux",
            found: `${process.platform} ${process.arch}`,
            ...(process.platform !== "linux" && {
                cure: "use `cluster.kind: existing`: the embedded cluster needs Linux",
            }),
        },
        {
            name: "root",
            found: root ? "yes" : "no",
            ...(!root && {
                cure: "run as root, or use `cluster.kind: existing`: the embedded cluster makes namespaces",
            }),
        },
    ];
}

function hostRow({ name, found, cure }: HostCheck): string[] {
    return [cure === undefined ? "✓" : "✗", name, found, cure ?? "machine"];
}

function pieceRow(status: PieceStatus): string[] {
    return status.state === "ready"
        ? ["✓", status.title, status.version, status.origin]
        : ["·", status.title, status.version, `${status.cause}; ${status.cure}`];
}

function table(rows: readonly string[][]): string[] {
    const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    return rows.map((row) =>
        row
            .map((cell, column) => cell.padEnd(widths[column] ?? 0))
            .join("  ")
            .trimEnd(),
    );
}

import { chooseNetworkPolicies, clusterStatus } from "../toolchain/cluster";
import { inspect, PieceStatus } from "../toolchain/bootstrap";
import { UserError } from "./errors";
import { HostCheck, hostChecks, thisHost } from "./host";
import { piecesFor, specOf } from "./local";

const SIMULATED = "Simulators pretend: with them nothing reaches AWS (docs/stand-ins.md).";

/**
 * Says of each piece that an environment needs whether it is there, its version, where it comes from, and the cure
 * where it is not.
 */
export async function doctor({ env }: { readonly env: string }): Promise<void> {
    // Asked before the first images are pushed.
    const spec = specOf(env, { locked: false });
    const { kind } = spec.cluster;
    const pieces = await inspect(piecesFor(spec));
    const host = hostChecks(await thisHost(), kind);
    for (const line of table([...host.map(hostRow), ...pieces.map(pieceRow)])) console.log(line);
    if (pieces.some((piece) => piece.state === "ready" && piece.origin === "simulator")) console.log(SIMULATED);
    if (spec.cluster.kind === "embedded") {
        console.log(await clusterLine());
        console.log(networkPoliciesLine(chooseNetworkPolicies(spec.cluster.networkPolicies)));
    }
    const wrong = host.filter(({ cure }) => cure !== undefined).length;
    if (wrong > 0) throw new UserError(`${wrong} of these checks must be mended before \`npm run up\`.`);
}

async function clusterLine(): Promise<string> {
    const cluster = await clusterStatus();
    return cluster.state === "running"
        ? `embedded cluster: running at ${cluster.info.apiUrl}, ${cluster.components.length} components`
        : `embedded cluster: ${cluster.state}`;
}

function networkPoliciesLine(enforced: boolean): string {
    return enforced
        ? "network policies: enforced by a stand-in (docs/stand-ins.md)"
        : "network policies: not enforced; cluster.networkPolicies switches a stand-in on";
}

function hostRow({ name, found, cure }: HostCheck): string[] {
    return [cure === undefined ? "✓" : "✗", name, found, cure ?? ""];
}

function pieceRow(status: PieceStatus): string[] {
    return status.state === "ready"
        ? ["✓", status.title, status.origin, status.title.includes(status.version) ? "" : status.version]
        : ["·", status.title, "missing", `${status.cause}; ${status.cure}`];
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

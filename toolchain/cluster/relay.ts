import { Resolver } from "node:dns/promises";
import { rmSync } from "node:fs";
import { connect, createServer, isIP, Server, Socket } from "node:net";

/** An address as it is seen inside the cluster: an IP or a name that the cluster's DNS knows. */
export interface Target {
    readonly host: string;
    readonly port: number;
}

/**
 * The outer half of the relay: listens on a loopback port of the host and carries every connection over the unix socket
 * into the cluster's network namespace, where {@link serveRelay} connects it to its target.
 */
export function listenOnLoopback(port: number, target: Target, relaySocket: string): Promise<Server> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
        const inside = connect({ path: relaySocket, allowHalfOpen: true });
        inside.write(`${target.host} ${target.port}\n`);
        join(client, inside);
    });
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", () => resolve(server));
    });
}

/** The inner half: reads the target from the first line, connects, and carries bytes both ways. */
export function serveRelay(relaySocket: string, nameServer: string): Promise<Server> {
    const resolver = new Resolver();
    resolver.setServers([nameServer]);
    rmSync(relaySocket, { force: true });
    const server = createServer({ allowHalfOpen: true }, (outside) => {
        readTarget(outside)
            .then(async ({ host, port }) => ({ host: await addressOf(host, resolver), port }))
            .then((target) => join(outside, connect({ ...target, allowHalfOpen: true, noDelay: true })))
            .catch(() => outside.destroy()); // The client sees a closed connection, as with any dead address.
    });
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(relaySocket, () => resolve(server));
    });
}

async function addressOf(host: string, resolver: Resolver): Promise<string> {
    if (isIP(host) !== 0) return host;
    const [address] = await resolver.resolve4(host);
    if (address === undefined) throw new Error(`${host} has no address`);
    return address;
}

function readTarget(socket: Socket): Promise<Target> {
    return new Promise((resolve, reject) => {
        let head = Buffer.alloc(0);
        const onData = (chunk: Buffer) => {
            head = Buffer.concat([head, chunk]);
            const end = head.indexOf("\n");
            if (end < 0) return;
            socket.off("data", onData);
            socket.pause();
            socket.unshift(head.subarray(end + 1));
            const [host = "", port = ""] = head.subarray(0, end).toString().split(" ");
            resolve({ host, port: Number(port) });
        };
        socket.on("data", onData);
        socket.once("error", reject);
        socket.once("end", () => reject(new Error("closed before a target was named")));
    });
}

/** Carries bytes both ways; the end of one direction does not end the other. */
function join(a: Socket, b: Socket): void {
    for (const [from, to] of [
        [a, b],
        [b, a],
    ] as const) {
        from.pipe(to);
        from.on("error", () => to.destroy());
        from.on("close", () => to.destroySoon());
    }
}

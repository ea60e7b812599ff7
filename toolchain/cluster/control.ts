import { createServer, IncomingMessage, request, Server } from "node:http";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { CONTROL_SOCKET, HostLayout, socketPath } from "./layout";
import { ClusterError, ComponentStatus, ImageArchive, PublishedService, Timing } from "./types";

/** What the keeper says about itself. */
export interface KeeperStatus {
    readonly phase: "starting" | "running" | "stopping" | "failed";
    /** Why it failed, for the user. */
    readonly error?: string;
    readonly pid: number;
    readonly fingerprint: string;
    readonly apiPort: number;
    /** Every line of progress since the start. */
    readonly lines: readonly string[];
    readonly timings: readonly Timing[];
    readonly versions: Readonly<Record<string, string>>;
    readonly published: readonly PublishedService[];
    readonly components: readonly ComponentStatus[];
}

/** What one can ask of the keeper over its unix socket, as HTTP with JSON both ways. */
export interface KeeperMethods {
    status(): Promise<KeeperStatus>;
    importImages(images: readonly ImageArchive[]): Promise<string[]>;
    /** Without a local port, one is chosen and kept. */
    publish(service: Omit<PublishedService, "localPort"> & { localPort?: number }): Promise<PublishedService>;
    unpublish(service: Omit<PublishedService, "localPort">): Promise<boolean>;
    /** Answers at once; the socket is gone when everything is. */
    stop(options: { purge: boolean }): Promise<void>;
}

const SILENCE_MS = 20_000;

type Method = keyof KeeperMethods;

/** Serves the methods in the folder of the state, which only its owner may enter. */
export function serveControl(layout: HostLayout, methods: KeeperMethods): Promise<Server> {
    const server = createServer((message, response) => {
        const method = (message.url ?? "").slice(1) as Method;
        readJson(message)
            .then((params) => (methods[method] as (params: unknown) => Promise<unknown>)(params))
            .then(
                (result) => response.end(JSON.stringify({ result })),
                (error: Error) => response.writeHead(500).end(JSON.stringify({ error: error.message })),
            );
    });
    rmSync(join(layout.run, CONTROL_SOCKET), { force: true });
    writeFileSync(pidFile(layout), `${process.pid}\n`);
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(socketPath(layout.run, CONTROL_SOCKET), () => resolve(server));
    });
}

/** Calls the keeper; undefined when none is running. */
export async function callKeeper<M extends Method>(
    layout: HostLayout,
    method: M,
    ...params: Parameters<KeeperMethods[M]>
): Promise<{ result: Awaited<ReturnType<KeeperMethods[M]>> } | undefined> {
    if (!existsSync(layout.run)) return undefined;
    try {
        const { result, error } = await post<M>(layout, method, params[0] ?? {});
        if (error !== undefined) throw new Error(error);
        return { result: result as Awaited<ReturnType<KeeperMethods[M]>> };
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "ENOENT" || code === "ECONNREFUSED" || code === "ECONNRESET") return undefined;
        throw error;
    }
}

type Reply<M extends Method> = { result?: Awaited<ReturnType<KeeperMethods[M]>>; error?: string };

function post<M extends Method>(layout: HostLayout, method: M, params: unknown): Promise<Reply<M>> {
    const address = { socketPath: socketPath(layout.run, CONTROL_SOCKET), path: `/${method}` };
    return new Promise((resolve, reject) => {
        const sent = request({ ...address, method: "POST", agent: false }, (response) => {
            readJson(response).then((reply) => resolve(reply as Reply<M>), reject);
        });
        // Everything else may take as long as it takes.
        if (method === "status") sent.setTimeout(SILENCE_MS, () => sent.destroy(silent(layout)));
        sent.on("error", reject);
        sent.end(JSON.stringify(params));
    });
}

const pidFile = ({ run }: HostLayout): string => join(run, "keeper.pid");

function silent(layout: HostLayout): Error {
    // A keeper that has ended meanwhile is away, not silent.
    if (!existsSync(pidFile(layout))) return Object.assign(new Error("the keeper has ended"), { code: "ENOENT" });
    const pid = readFileSync(pidFile(layout), "utf8").trim();
    return new ClusterError(
        `The cluster's keeper, process ${pid}, has not answered for ${SILENCE_MS / 1000} s: end it with kill -9 ${pid} and try again.`,
    );
}

async function readJson(message: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    return JSON.parse(Buffer.concat(chunks).toString());
}

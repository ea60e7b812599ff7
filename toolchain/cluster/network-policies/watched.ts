import { readFileSync } from "node:fs";
import { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";

import { net } from "../layout";
import { certificateFile, keyFile } from "../pki";

const PAUSE_MS = 300;
/** A watch that says nothing for longer is asked for anew: the API server sends bookmarks every minute. */
const SILENCE_MS = 150_000;

interface KubernetesObject {
    readonly metadata: { readonly name: string; readonly namespace?: string; readonly resourceVersion: string };
}

type WatchEvent = { readonly type: string; readonly object: KubernetesObject & { readonly code?: number } };

export function connection(pki: string) {
    const agent = new Agent({
        keepAlive: true,
        ca: readFileSync(certificateFile(pki, "ca")),
        cert: readFileSync(certificateFile(pki, "network-policy-stand-in")),
        key: readFileSync(keyFile(pki, "network-policy-stand-in")),
    });
    return { host: "127.0.0.1", port: net.apiPort, agent };
}

/** All objects of one kind, kept up to date: listed once, then watched, and listed again whenever that breaks off. */
export class Watched<T> {
    private objects = new Map<string, T>();
    /** Whether the objects were listed once. */
    listed = false;

    constructor(
        private readonly server: ReturnType<typeof connection>,
        private readonly path: string,
        /** What is kept of an object. */
        private readonly keep: (object: never) => T,
        private readonly changed: () => void,
        private readonly say: (line: string) => void,
    ) {}

    get all(): ReadonlyMap<string, T> {
        return this.objects;
    }

    async run(): Promise<never> {
        for (;;) {
            try {
                let version: string | undefined = await this.list();
                while (version !== undefined) version = await this.watch(version);
            } catch (error) {
                this.say(`${this.path}: ${(error as Error).message}`);
            }
            await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
    }

    private async list(): Promise<string> {
        const answer = await this.ask("");
        const chunks: Buffer[] = [];
        for await (const chunk of answer) chunks.push(chunk as Buffer);
        const { items, metadata } = JSON.parse(Buffer.concat(chunks).toString()) as {
            items: KubernetesObject[];
            metadata: { resourceVersion: string };
        };
        this.objects = new Map(items.map((item) => [keyOf(item), this.keep(item as never)]));
        this.listed = true;
        this.changed();
        return metadata.resourceVersion;
    }

    /** Follows changes until the stream ends; the version to go on from, or undefined where only a new list helps. */
    private async watch(from: string): Promise<string | undefined> {
        let version = from;
        let rest = "";
        const stream = await this.ask(`?watch=true&allowWatchBookmarks=true&resourceVersion=${from}`);
        stream.setEncoding("utf8");
        for await (const chunk of stream) {
            const lines = (rest + (chunk as string)).split("\n");
            rest = lines.pop() ?? "";
            for (const line of lines) {
                const { type, object } = JSON.parse(line) as WatchEvent;
                if (type === "ERROR") return undefined;
                version = object.metadata.resourceVersion;
                this.take(type, object);
            }
        }
        return version;
    }

    private take(type: string, object: KubernetesObject): void {
        if (type === "BOOKMARK") return;
        if (type === "DELETED") this.objects.delete(keyOf(object));
        else this.objects.set(keyOf(object), this.keep(object as never));
        this.changed();
    }

    private ask(query: string): Promise<IncomingMessage> {
        return new Promise((resolve, reject) => {
            const sent = request({ ...this.server, path: `${this.path}${query}` }, (answer) => {
                if (answer.statusCode === 200) return resolve(answer);
                answer.resume();
                reject(new Error(`status ${answer.statusCode}`));
            });
            sent.setTimeout(SILENCE_MS, () => sent.destroy(new Error("silent")));
            sent.on("error", reject);
            sent.end();
        });
    }
}

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace ?? ""}/${metadata.name}`;

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { AddressInfo, Server } from "node:net";
import { join } from "node:path";

import { HostLayout, net, RELAY_SOCKET, socketPath } from "./layout";
import { listenOnLoopback } from "./relay";
import { ClusterError, PublishedService } from "./types";

type Name = Omit<PublishedService, "localPort">;

/** The Services that are reachable at loopback ports; remembered across stop and start. */
export class PublishedServices {
    private readonly file: string;
    private readonly open = new Map<string, { service: PublishedService; server: Server }>();

    constructor(private readonly layout: HostLayout) {
        this.file = join(layout.root, "published.json");
    }

    get all(): PublishedService[] {
        return [...this.open.values()].map(({ service }) => service);
    }

    /** Opens again what was published before; says which port could not be had. */
    async restore(say: (line: string) => void): Promise<void> {
        if (!existsSync(this.file)) return;
        const remembered = JSON.parse(readFileSync(this.file, "utf8")) as PublishedService[];
        for (const service of remembered) await this.listen(service).catch((error: Error) => say(error.message));
    }

    async publish(wanted: Name & { localPort?: number }): Promise<PublishedService> {
        const existing = this.open.get(key(wanted));
        if (existing !== undefined) {
            const { localPort } = existing.service;
            if (wanted.localPort === undefined || wanted.localPort === localPort) return existing.service;
            await this.unpublish(wanted);
        }
        const service = await this.listen({ ...wanted, localPort: wanted.localPort ?? 0 });
        this.remember();
        return service;
    }

    async unpublish(name: Name): Promise<boolean> {
        const found = this.open.get(key(name));
        if (found === undefined) return false;
        this.open.delete(key(name));
        this.remember();
        found.server.close();
        return Promise.resolve(true);
    }

    private async listen(wanted: PublishedService): Promise<PublishedService> {
        const host = `${wanted.service}.${wanted.namespace}.svc.${net.domain}`;
        const target = { host, port: wanted.port };
        const relay = socketPath(this.layout.run, RELAY_SOCKET);
        const server = await listenOnLoopback(wanted.localPort, target, relay).catch((error: NodeJS.ErrnoException) => {
            const what = `Service ${wanted.namespace}/${wanted.service} at 127.0.0.1:${wanted.localPort}`;
            throw new ClusterError(
                error.code === "EADDRINUSE"
                    ? `${what}: the port is taken by another program; free it or publish at another port.`
                    : `${what}: ${error.message}`,
            );
        });
        const service = { ...wanted, localPort: (server.address() as AddressInfo).port };
        this.open.set(key(service), { service, server });
        return service;
    }

    private remember(): void {
        writeFileSync(this.file, JSON.stringify(this.all));
    }
}

function key({ namespace, service, port }: Name): string {
    return `${namespace}/${service}:${port}`;
}

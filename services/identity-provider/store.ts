import type { Adapter, AdapterPayload } from "oidc-provider";

/** Sessions of a machine's few people; the oldest go first. */
const MOST = 20_000;

interface Entry {
    readonly payload: AdapterPayload;
    readonly until: number;
}

const entries = new Map<string, Entry>();

/**
 * Sessions and grants, in memory: a restart asks for passwords again, while tokens that were given out stay valid, for
 * their key is in the Secret.
 */
export class MemoryStore implements Adapter {
    constructor(private readonly model: string) {}

    upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
        entries.delete(this.key(id));
        entries.set(this.key(id), { payload, until: Date.now() + expiresIn * 1000 });
        const [oldest] = entries.keys();
        if (entries.size > MOST && oldest !== undefined) entries.delete(oldest);
        return Promise.resolve();
    }

    find(id: string): Promise<AdapterPayload | undefined> {
        const entry = entries.get(this.key(id));
        if (entry === undefined || entry.until > Date.now()) return Promise.resolve(entry?.payload);
        entries.delete(this.key(id));
        return Promise.resolve(undefined);
    }

    findByUid(uid: string): Promise<AdapterPayload | undefined> {
        return Promise.resolve(this.live().find(({ payload }) => payload.uid === uid)?.payload);
    }

    findByUserCode(): Promise<undefined> {
        return Promise.resolve(undefined);
    }

    async consume(id: string): Promise<void> {
        const payload = await this.find(id);
        if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    }

    destroy(id: string): Promise<void> {
        entries.delete(this.key(id));
        return Promise.resolve();
    }

    revokeByGrantId(grantId: string): Promise<void> {
        for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
        return Promise.resolve();
    }

    private live(): Entry[] {
        const mine = [...entries].filter(([key]) => key.startsWith(`${this.model}:`));
        return mine.map(([, entry]) => entry).filter(({ until }) => until > Date.now());
    }

    private key(id: string): string {
        return `${this.model}:${id}`;
    }
}

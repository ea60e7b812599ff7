import { randomBytes } from "node:crypto";
import { request } from "node:https";
import { Socket } from "node:net";

/** The little of a WebSocket that talking to a kernel takes: text out, text in. */
export class WebSocketClient {
    private rest = Buffer.alloc(0);
    private parts: Buffer[] = [];
    onText: (text: string) => void = () => undefined;
    onClose: (why: string) => void = () => undefined;

    private constructor(private readonly socket: Socket) {
        socket.on("data", (data: Buffer) => this.take(data));
        socket.on("close", () => this.onClose("closed"));
        socket.on("error", (error) => this.onClose(error.message));
    }

    static open(url: string, ca: string, headers: Readonly<Record<string, string>>): Promise<WebSocketClient> {
        const { hostname, port, pathname, search } = new URL(url);
        const upgrade = {
            ...{ host: `${hostname}:${port}`, connection: "Upgrade", upgrade: "websocket" },
            ...{ "sec-websocket-version": "13", "sec-websocket-key": randomBytes(16).toString("base64") },
        };
        return new Promise((resolve, reject) => {
            const sent = request({
                ...{ host: "127.0.0.1", servername: hostname, port, path: `${pathname}${search}`, ca, agent: false },
                headers: { ...upgrade, ...headers },
            });
            sent.on("upgrade", (_, socket: Socket, head) => {
                const client = new WebSocketClient(socket);
                resolve(client);
                if (head.length > 0) client.take(head);
            });
            sent.on("response", ({ statusCode }) => reject(new Error(`${url}: ${statusCode}`)));
            sent.on("error", reject);
            sent.end();
        });
    }

    send(text: string): void {
        this.frame(0x1, Buffer.from(text));
    }

    close(): void {
        this.frame(0x8, Buffer.alloc(0));
        this.socket.end();
    }

    private frame(opcode: number, data: Buffer): void {
        const mask = randomBytes(4);
        const length = data.length;
        const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
        head[0] = 0x80 | opcode;
        head[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
        if (head.length === 4) head.writeUInt16BE(length, 2);
        if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
        const masked = Buffer.from(data.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
        this.socket.write(Buffer.concat([head, mask, masked]));
    }

    private take(data: Buffer): void {
        this.rest = Buffer.concat([this.rest, data]);
        for (let frame = frameIn(this.rest); frame !== undefined; frame = frameIn(this.rest)) {
            this.rest = this.rest.subarray(frame.size);
            if (frame.opcode === 0x9) this.frame(0xa, frame.payload);
            if (frame.opcode === 0x8) this.socket.end();
            if (frame.opcode > 0x2) continue;
            this.parts.push(frame.payload);
            if (!frame.last) continue;
            const text = Buffer.concat(this.parts).toString();
            this.parts = [];
            this.onText(text);
        }
    }
}

/** The first whole frame, as a server sends it. */
function frameIn(data: Buffer): { opcode: number; last: boolean; payload: Buffer; size: number } | undefined {
    if (data.length < 2) return undefined;
    const short = (data[1] ?? 0) & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (data.length < head) return undefined;
    const length = short < 126 ? short : short === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
    if (data.length < head + length) return undefined;
    const first = data[0] ?? 0;
    const payload = data.subarray(head, head + length);
    return { opcode: first & 0xf, last: (first & 0x80) !== 0, payload, size: head + length };
}

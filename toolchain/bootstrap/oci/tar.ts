import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";

/** A member of an archive. Owner is root and the time is the epoch, so that equal input gives equal bytes. */
export type TarMember =
    | { readonly type: "directory"; readonly path: string; readonly mode: number }
    | { readonly type: "file"; readonly path: string; readonly mode: number; readonly content: TarContent };

/** Bytes in memory, or a file to copy from. */
export type TarContent = Buffer | { readonly file: string };

export interface Written {
    /** `sha256:…` of the whole archive. */
    readonly digest: string;
    readonly size: number;
}

const BLOCK = 512;
const TYPE_FLAG = { directory: "5", file: "0" } as const;

/** Writes a ustar archive; the same members give the same bytes on any machine. */
export async function writeTar(target: string, members: readonly TarMember[]): Promise<Written> {
    const file = await open(target, "w");
    const output = new HashedOutput(file);
    try {
        for (const member of members) await writeMember(output, member);
        await output.write(Buffer.alloc(2 * BLOCK));
        await file.sync();
    } finally {
        await file.close();
    }
    return output.result();
}

async function writeMember(output: HashedOutput, member: TarMember): Promise<void> {
    if (member.type === "directory") return output.write(header(member, 0));
    const { content } = member;
    const size = Buffer.isBuffer(content) ? content.length : (await stat(content.file)).size;
    await output.write(header(member, size));
    if (Buffer.isBuffer(content)) await output.write(content);
    else for await (const chunk of createReadStream(content.file)) await output.write(chunk as Buffer);
    await output.write(Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK));
}

// POSIX 1003.1 ustar.
function header({ type, path, mode }: TarMember, size: number): Buffer {
    const name = type === "directory" ? `${path}/` : path;
    if (Buffer.byteLength(name) > 100) throw new Error(`${name}: longer than the 100 bytes of a tar header`);
    const block = Buffer.alloc(BLOCK);
    const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, "0")}\0`;
    block.write(name, 0);
    block.write(octal(mode, 8), 100);
    block.write(octal(0, 8), 108);
    block.write(octal(0, 8), 116);
    block.write(octal(size, 12), 124);
    block.write(octal(0, 12), 136);
    block.write(TYPE_FLAG[type], 156);
    block.write("ustar\x0000", 257, "latin1");
    // The checksum counts its own field as spaces.
    block.fill(" ", 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return block;
}

class HashedOutput {
    private readonly hash = createHash("sha256");
    private size = 0;

    constructor(private readonly file: FileHandle) {}

    async write(bytes: Buffer): Promise<void> {
        this.hash.update(bytes);
        this.size += bytes.length;
        let written = 0;
        while (written < bytes.length) written += (await this.file.write(bytes, written)).bytesWritten;
    }

    result(): Written {
        return { digest: `sha256:${this.hash.digest("hex")}`, size: this.size };
    }
}

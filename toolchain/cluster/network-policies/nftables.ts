import { spawn } from "node:child_process";

import { REFUSED, TABLE } from "./render";

/** What a flow that was refused looked like. */
export interface Refusal {
    readonly from: string;
    readonly to: string;
    readonly protocol: string;
    readonly port: number;
}

type Element = { readonly elem: { readonly val: { readonly concat: readonly [string, string, string, number] } } };

/** Puts a whole table in place, in one transaction of the kernel. */
export async function apply(rules: string): Promise<void> {
    await nft(["-f", "-"], rules);
}

/** Flows that the table in place has refused. */
export async function refusals(): Promise<Refusal[]> {
    const text = await nft(["-j", "list", "set", "inet", TABLE, REFUSED]);
    const { nftables } = JSON.parse(text) as { nftables: { set?: { elem?: Element[] } }[] };
    const elements = nftables.flatMap(({ set }) => set?.elem ?? []);
    return elements.map(({ elem: { val } }) => {
        const [from, to, protocol, port] = val.concat;
        return { from, to, protocol, port };
    });
}

function nft(args: readonly string[], input = ""): Promise<string> {
    return new Promise((resolve, reject) => {
        const child = spawn("nft", args, { stdio: ["pipe", "pipe", "pipe"] });
        let [output, errors] = ["", ""];
        child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
        child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
        child.once("error", reject);
        child.once("close", (code) => (code === 0 ? resolve(output) : reject(new Error(`nft: ${errors.trim()}`))));
        child.stdin.on("error", () => undefined);
        child.stdin.end(input);
    });
}

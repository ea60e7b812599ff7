/**
 * `npm run prove`: what takes too long for every change, one file of test/prove after another, each written to
 * docs/evidence/prove.json as soon as it has ended. Files that passed at this very commit are not run again; names make
 * it run those alone: `npm run prove -- staging`.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { repositoryRoot } from "../../toolchain/paths";
import { commitOfTree, TreeState } from "../support/commit";
import { Count, jestLayer } from "../support/layers";
import { onOwnPlatform } from "../support/own-platform";

/** One file of this folder, as it ran last. */
export interface Proof extends Count, TreeState {
    readonly date: string;
    readonly seconds: number;
}

export type Proofs = Readonly<Record<string, Proof>>;

const FILE = join(repositoryRoot, "docs/evidence/prove.json");

/** Tests of this folder use a local platform, which is put up for them and removed. */
const ON_PLATFORM = "platform";
const SUFFIX = ".test.ts";

/** The names of what there is to prove. */
export function stages(): string[] {
    const below = (folder: string) =>
        readdirSync(join(__dirname, folder))
            .filter((file) => file.endsWith(SUFFIX))
            .map((file) => join(folder, file.slice(0, -SUFFIX.length)));
    return [...below("."), ...below(ON_PLATFORM)].sort();
}

/** What no run has proven yet: nothing in the docs may rest on it. */
export const OPEN: readonly string[] = [
    "other-node",
    "platform/isolation",
    "platform/notebooks",
    "platform/queueing",
    "platform/retain",
    "platform/sign-in",
    "platform/ui",
    "prod",
    "staging",
];

export function readProofs(): Proofs {
    return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Proofs) : {};
}

/** Whether a stage need not run again. Pure. */
export function stands(proof: Proof | undefined, now: TreeState): boolean {
    return (
        proof !== undefined &&
        proof.failed + proof.skipped === 0 &&
        !proof.uncommittedChanges &&
        !now.uncommittedChanges &&
        proof.commit === now.commit
    );
}

async function main(wanted: readonly string[]): Promise<number> {
    const unknown = wanted.filter((name) => !stages().includes(name));
    if (unknown.length > 0) {
        console.error(`There is no ${unknown.join(", ")} in test/prove: it holds ${stages().join(", ")}.`);
        return 2;
    }
    const failed: string[] = [];
    for (const name of wanted.length > 0 ? wanted : stages()) {
        const now = commitOfTree();
        if (stands(readProofs()[name], now)) {
            console.log(`✓ ${name} (proven at ${now.commit.slice(0, 9)})`);
            continue;
        }
        const began = Date.now();
        const run = (env: NodeJS.ProcessEnv) => jestLayer(name, [`test/prove/${name}${SUFFIX}`], env);
        const count = name.startsWith(`${ON_PLATFORM}/`) ? await onOwnPlatform(run) : run(process.env);
        const seconds = Math.round((Date.now() - began) / 1000);
        // Files are read while it runs: what changed meanwhile may have been in it.
        const after = commitOfTree();
        const uncommittedChanges = now.uncommittedChanges || after.uncommittedChanges || after.commit !== now.commit;
        const proof: Proof = { ...now, uncommittedChanges, date: new Date(began).toISOString(), seconds, ...count };
        const proofs = { ...readProofs(), [name]: proof };
        writeFileSync(FILE, `${JSON.stringify(proofs, Object.keys(proofs).sort().concat(FIELDS), 4)}\n`);
        console.log(`${count.failed + count.skipped === 0 ? "✓" : "✗"} ${name} (${seconds} s)`);
        if (count.failed + count.skipped > 0) failed.push(name);
    }
    return failed.length === 0 ? 0 : 1;
}

const FIELDS = ["commit", "uncommittedChanges", "date", "seconds", "passed", "failed", "skipped"];

if (require.main === module) void main(process.argv.slice(2)).then((code) => (process.exitCode = code));

/** For debugging: `npx tsx toolchain/bootstrap/main.ts [inspect] [piece…]` runs the bootstrap and prints its result. */
import { progressOn } from "../progress";
import { bootstrap, inspect, ToolchainError, type PieceName } from "./index";

async function main(words: readonly string[]): Promise<void> {
    const names = words.filter((word) => word !== "inspect") as PieceName[];
    const selection = names.length === 0 ? undefined : names;
    if (words.includes("inspect")) return console.table(await inspect(selection));
    const progress = progressOn();
    const result = await bootstrap({ progress, ...(selection === undefined ? {} : { only: selection }) });
    console.log(JSON.stringify(result, undefined, 2));
}

main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof ToolchainError ? error.message : error);
    process.exitCode = 1;
});

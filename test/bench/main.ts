/**
 * `npm run bench`: what the platform costs on one machine, written to docs/evidence/bench.json. `npm run bench -- aws`:
 * what the stacks of prod cost in a simulated account, written to docs/evidence/bench-aws.json. `npm run bench -- services`:
 * pipelines and model registry beside their bare servers, written to docs/evidence/bench-services.json. A number makes
 * other than three runs of everything: `npm run bench -- aws 5`.
 */
import { Suite, wantedBy } from "./arguments";
import { benchAws } from "./aws";
import { benchLocal } from "./local";
import { benchServices } from "./services";

const BENCHES: Readonly<Record<Suite, (runs: number) => Promise<void>>> = {
    local: benchLocal,
    aws: benchAws,
    services: benchServices,
};

async function main(words: readonly string[]): Promise<void> {
    const { suite, runs } = wantedBy(words);
    console.log(`min / median / max of ${runs} runs`);
    await BENCHES[suite](runs);
}

void main(process.argv.slice(2));

import { wantedBy } from "../../bench/arguments";

describe("what a bench is asked for", () => {
    it.each([
        { words: [], suite: "local", runs: 3 },
        { words: ["5"], suite: "local", runs: 5 },
        { words: ["local"], suite: "local", runs: 3 },
        { words: ["aws"], suite: "aws", runs: 3 },
        { words: ["aws", "1"], suite: "aws", runs: 1 },
        { words: ["services", "2"], suite: "services", runs: 2 },
        { words: ["1", "aws"], suite: "aws", runs: 1 },
    ])("$words is $runs runs of $suite", ({ words, suite, runs }) => {
        expect(wantedBy(words)).toEqual({ suite, runs });
    });

    it.each([[["azure"]], [["0"]], [["1.5"]], [["aws", "local"]], [["1", "2"]]])("refuses %j", (words) => {
        expect(() => wantedBy(words)).toThrow(`npm run bench -- [local|aws|services] [RUNS]: not ${words.join(" ")}`);
    });
});

import { namesOf, summary } from "../../../cli/images";
import { UserError } from "../../../cli/errors";

const WHICH = "are ours";

describe("the names of images after a verb", () => {
    it("are all that the verb carries where none are given", () => {
        expect(namesOf([], ["pause", "trainer"], WHICH)).toEqual(["pause", "trainer"]);
    });

    it("restrict it, each once and in the catalogue's order", () => {
        expect(namesOf(["trainer", "pause", "trainer"], ["pause", "jobset", "trainer"], WHICH)).toEqual([
            "pause",
            "trainer",
        ]);
    });

    it("are refused all at once, with those that are allowed", () => {
        const wrong = () => namesOf(["pause", "paws", "treiner"], ["pause", "trainer"], WHICH);
        expect(wrong).toThrow(UserError);
        expect(wrong).toThrow("No such image: paws, treiner. These are ours: pause, trainer.");
    });
});

describe("what a push says at its end", () => {
    const pushed = { uploaded: 1, present: 2, dropped: [], lockChanged: true, problems: [] };

    it("counts, and asks for a commit of the lock", () => {
        expect(summary(pushed, "r.example.org/mlp", "images/lock.json")).toEqual([
            "r.example.org/mlp: 1 uploaded, 2 already there.",
            "images/lock.json is written: commit it.",
        ]);
    });

    it("asks for nothing where nothing changed, and names what left the lock", () => {
        const other = { ...pushed, lockChanged: false, dropped: ["pause", "trainer"] };
        expect(summary(other, "r", "l")[1]).toBe("l is unchanged.");
        expect(summary(other, "r", "l")[2]).toMatch(/^pause, trainer left the lock/);
    });
});

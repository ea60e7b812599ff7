import { OPEN, Proof, readProofs, stages, stands } from "../../prove/main";

const PROOF: Proof = {
    commit: "a".repeat(40),
    uncommittedChanges: false,
    date: "2026-11-24T00:00:00.000Z",
    seconds: 1,
    passed: 3,
    failed: 0,
    skipped: 0,
};
const NOW = { commit: PROOF.commit, uncommittedChanges: false };

describe("what npm run prove has written", () => {
    it("is there for every stage that is not called open: docs rest on it", () => {
        const proofs = readProofs();
        const proven = stages().filter((name) => proofs[name]?.failed === 0 && proofs[name].skipped === 0);
        expect([...proven, ...OPEN].sort()).toEqual(stages());
    });

    it("holds nothing of what is no longer there", () => {
        expect(Object.keys(readProofs()).filter((name) => !stages().includes(name))).toEqual([]);
    });

    it.each([
        ["a proof of this commit stands", PROOF, NOW, true],
        ["there is none", undefined, NOW, false],
        ["another commit", PROOF, { ...NOW, commit: "b".repeat(40) }, false],
        ["it failed", { ...PROOF, failed: 1 }, NOW, false],
        ["it was skipped in part", { ...PROOF, skipped: 1 }, NOW, false],
        ["it was of changes that nobody has", { ...PROOF, uncommittedChanges: true }, NOW, false],
        ["there are changes now", PROOF, { ...NOW, uncommittedChanges: true }, false],
    ])("%s", (_name, proof, now, expected) => {
        expect(stands(proof, now)).toBe(expected);
    });
});

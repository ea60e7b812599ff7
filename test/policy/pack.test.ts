import { DOCUMENTED_RULES } from "../../policies/documentation";
import { changed, fixture, pod, UNKNOWN } from "./resources";
import { RunningPack, runPack } from "./runner";

const START_MILLISECONDS = 60_000;

describe("the pack as the engine runs it", () => {
    let pack: RunningPack;
    beforeAll(async () => {
        pack = await runPack({ environment: "dev" });
    }, START_MILLISECONDS);
    afterAll(() => pack.stop());

    it("serves every rule once, with its facts", async () => {
        const { name, policiesList } = await pack.info();
        expect(name).toBe("mlp");
        expect(policiesList.map((one) => one.name).sort()).toEqual(
            [...DOCUMENTED_RULES.map(({ id }) => id), "waiver-used", "waiver-count"].sort(),
        );
        for (const rule of DOCUMENTED_RULES) {
            const served = policiesList.find((one) => one.name === rule.id);
            expect(served).toMatchObject({
                description: rule.title,
                remediationSteps: rule.fix,
                url: rule.references[0].url,
                framework: { name: rule.references[0].name },
            });
        }
    });

    it("accepts a pod that keeps every rule", async () => {
        expect(await pack.analyze(pod())).toEqual([]);
    });

    it("stops a pod that breaks one", async () => {
        expect(await pack.analyze(changed(pod(), "spec.hostNetwork", true))).toEqual([
            {
                policy: "pod-no-host-namespaces",
                mandatory: true,
                message: expect.stringContaining("spec.hostNetwork: true is not allowed") as string,
            },
        ]);
    });

    it("says what it cannot judge yet, and what is wrong beside it", async () => {
        const subject = changed(changed(pod(), "spec.containers[0].image", UNKNOWN), "spec.hostPID", true);
        const violations = await pack.analyze(subject);
        expect(violations.map(({ policy, mandatory }) => [policy, mandatory])).toEqual([
            ["pod-no-host-namespaces", true],
            ["pod-image-tag", false],
            ["pod-image-digest", false],
        ]);
        expect(violations[1]?.message).toContain("can't be known during preview");
    });

    it("has nothing to say of an unrelated resource", async () => {
        expect(await pack.analyze(fixture("aws:ssm/parameter:Parameter", { name: UNKNOWN, spec: UNKNOWN }))).toEqual(
            [],
        );
    });
});

it(
    "the pack refuses an environment that does not exist, in one line without a stack trace",
    async () => {
        const refusal = await runPack({ environment: "production" }).catch((error: Error) => error.message.trim());
        expect(refusal).toMatch(/mlp:platform\.environment: "production" is not allowed/);
        expect(refusal).not.toMatch(/\n|\bat /);
    },
    START_MILLISECONDS,
);

import { UserError } from "../../../cli/errors";
import { farewell, holdingsOf, removedTeams } from "../../../cli/removed-teams";
import { Held } from "../../../cli/team-data";

const namespace = (name: string, team?: string, protect = false) => ({
    type: "kubernetes:core/v1:Namespace",
    urn: `urn:pulumi:local::mlp::mlp:index:Team$kubernetes:core/v1:Namespace::${name}`,
    protect,
    inputs: { metadata: { name, labels: team === undefined ? {} : { "mlp.dev/team": team } } },
});
const team = (name: string) => ({ name, namespace: `team-${name}`, urn: `urn:${name}`, protected: false });
const nothing: Held = { volumes: 0, workflows: 0, trainJobs: 0, objects: { count: 0, more: false }, models: 0 };
const spec = (...names: string[]) => ({
    layer: "all" as const,
    teams: names.map((name) => ({ name, members: [], groups: [] })),
});

describe("teams that the stack file no longer names", () => {
    it("are those whose namespace is in the state alone", () => {
        const state = [namespace("mlp-data"), namespace("team-vision", "vision"), namespace("team-old", "old", true)];
        expect(removedTeams(state, spec("vision"))).toEqual([
            { name: "old", namespace: "team-old", urn: state[2]!.urn, protected: true },
        ]);
        expect(removedTeams(state, spec("vision", "old"))).toEqual([]);
    });

    it("are none of a stack that holds no platform", () => {
        expect(removedTeams([namespace("team-old", "old")], { ...spec(), layer: "cluster" })).toEqual([]);
    });

    it("go with a word where they hold nothing", () => {
        expect(farewell([{ team: team("old"), held: nothing }], [])).toEqual([
            "Team old goes with namespace team-old: it holds nothing.",
        ]);
    });

    it.each<[Partial<Held>, string]>([
        [{ volumes: 1 }, "1 volume"],
        [{ workflows: 2 }, "2 running workflows"],
        [{ trainJobs: 1 }, "1 running training job"],
        [{ objects: { count: 3, more: false } }, "3 objects"],
        [{ objects: { count: 1000, more: true } }, "more than 1000 objects"],
        [{ models: 1 }, "1 registered model"],
        [{ objects: "unknown", models: "unknown" }, "objects and models that could not be counted"],
    ])("are refused while they hold %j, and go once the stack file says so", (some, words) => {
        const removed = [{ team: team("old"), held: { ...nothing, ...some } }];
        expect(holdingsOf(removed[0]!.held)).toEqual([words]);
        const refusal = () => farewell(removed, ["other"]);
        expect(refusal).toThrow(UserError);
        expect(refusal).toThrow(`old (${words})`);
        expect(refusal).toThrow("removedTeams: [old]");
        expect(farewell(removed, ["old"])).toEqual([`Team old goes with namespace team-old: ${words}.`]);
    });
});

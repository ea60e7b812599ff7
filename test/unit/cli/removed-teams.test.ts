import { UserError } from "../../../cli/errors";
import { Kubectl } from "../../../cli/kubectl";
import { farewell, holdingsOf, letTeamsGo, removedTeams } from "../../../cli/removed-teams";
import { Held, lookInto } from "../../../cli/team-data";
import { PlatformSpec } from "../../../infra/resolve";

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

describe("what a team holds", () => {
    /** A cluster in which one team has a volume, an ended training job and, as its own pod counts, objects. */
    function clusterThat(ends: "Succeeded" | "Failed"): { kubectl: Kubectl; asked: string[]; made: object[] } {
        const [asked, made]: [string[], object[]] = [[], []];
        const ended = { status: { conditions: [{ type: "Complete", status: "True" }] } };
        const answers: Record<string, unknown> = {
            namespace: {},
            persistentvolumeclaims: { items: [{}] },
            "workflows.argoproj.io": { items: [] },
            "trainjobs.trainer.kubeflow.org": { items: [ended, {}] },
            pod: { status: { phase: ends } },
        };
        const kubectl = {
            find: ([kind = ""]: string[]) => answers[kind],
            text: (...args: string[]) => {
                asked.push(args.slice(0, 2).join(" "));
                return args[0] === "logs" ? '{"objects":{"count":2,"more":false},"models":1}' : "";
            },
            create: (object: object) => made.push(object),
        };
        const bound = { ...kubectl, find: (...args: string[]) => kubectl.find(args) };
        return { kubectl: bound as unknown as Kubectl, asked, made };
    }
    const images = { "pipeline-steps": "steps:1" };

    it("is counted in the cluster and by a pod of its own, which is taken away again", async () => {
        const { kubectl, asked, made } = clusterThat("Succeeded");
        expect(await lookInto(kubectl, "team-old", images)).toEqual({
            volumes: 1,
            workflows: 0,
            trainJobs: 1,
            objects: { count: 2, more: false },
            models: 1,
        });
        expect(made).toMatchObject([{ metadata: { namespace: "team-old" }, spec: { serviceAccountName: "pipeline" } }]);
        expect(asked).toEqual(["delete pod", "logs count-what-is-held", "delete pod"]);
    });

    it("is unknown where the pod fails, so that nobody loses data to a service that was away", async () => {
        const { kubectl } = clusterThat("Failed");
        expect(await lookInto(kubectl, "team-old", images)).toMatchObject({ objects: "unknown", models: "unknown" });
    });

    it("is nothing without a namespace", async () => {
        const kubectl = { find: () => undefined } as unknown as Kubectl;
        expect(holdingsOf(await lookInto(kubectl, "team-old", images))).toEqual([]);
    });

    it("is released from protection once it may go, and not before", async () => {
        const state = [namespace("team-old", "old", true)];
        const released: string[] = [];
        const release = (urn: string) => Promise.resolve(void released.push(urn));
        const go = (removed: readonly string[]) => {
            const platform = { ...spec("vision"), images, removedTeams: removed } as unknown as PlatformSpec;
            return letTeamsGo(
                state,
                platform,
                () => clusterThat("Succeeded").kubectl,
                () => undefined,
                release,
            );
        };
        await expect(go([])).rejects.toThrow("old (1 volume, 1 running training job, 2 objects, 1 registered model)");
        expect(released).toEqual([]);
        await go(["old"]);
        expect(released).toEqual([state[0]!.urn]);
    });
});

import { contextOf } from "../../../policies/context";
import { ENVIRONMENTS } from "../../../policies/environment";
import { Property } from "../../../policies/property";
import { evaluate, evaluateIn, Rule, StackResource, Verdict } from "../../../policies/rule";
import { RULES } from "../../../policies/rules";
import { waiversOf } from "../../../policies/waivers";
import { Graph, graphOf, specOf, STACKS } from "./graph";

// Plain data that no rule looks at, and nine tenths of the bytes.
jest.mock("../../../components/training/crds.json", () => ({ crds: [] }));
jest.mock("../../../components/pipelines/crds.json", () => ({ crds: [] }));
jest.mock("../../../components/autoscaling/crds.json", () => ({ crds: [] }));

const TODAY = "2026-11-24";
const ids = new Set(RULES.map(({ id }) => id));

function stackOf({ resources, nodes }: Graph): StackResource[] {
    const protectedOnes = new Set(nodes.filter((one) => one.protect).map(({ type, name }) => `${type} ${name}`));
    return resources.map(({ type, name, inputs }) => ({
        type,
        name,
        urn: `${type}::${name}`,
        // What the mocks answer for what the program left to AWS.
        props: Property.root({ name: `${name}-auto`, ...inputs, id: `${name}-id` }),
        protect: protectedOnes.has(`${type} ${name}`),
        through: () => [],
    }));
}

it.each(STACKS)(
    "%s breaks no rule that stops an update there",
    async (name) => {
        const stack = stackOf(await graphOf(name));
        const environment = ENVIRONMENTS.find((one) => one === name.split("-")[0])!;
        const { cluster } = specOf(name);
        const admins = cluster.kind === "eks" ? cluster.eks.admins : [];
        const context = contextOf({ environment, today: TODAY, admins });

        const isWaived = ({ id }: Rule, resource: StackResource) =>
            waiversOf(resource, { rules: ids, today: TODAY }).inForce.some(({ rule }) => rule === id);
        const verdicts = (rule: Rule): [StackResource, Verdict][] =>
            rule.scope === "stack"
                ? rule.subjects(stack).map((one) => [one, evaluateIn(stack, rule, one, context)])
                : stack.map((one) => [one, evaluate(rule, one, context)]);

        const levels = environment === "prod" ? ["mandatory", "mandatory-in-prod"] : ["mandatory"];
        const found = RULES.filter(({ level }) => levels.includes(level)).flatMap((rule) =>
            verdicts(rule).flatMap(([one, { findings, unknown }]) => {
                expect(unknown).toBeUndefined();
                return isWaived(rule, one) ? [] : findings.map(({ at }) => `${rule.id} ${one.urn} ${at.path}`);
            }),
        );
        expect(found).toEqual([]);
        // Rules about neighbours had something to look at.
        expect(stack.some(({ type }) => type === "aws:ec2/vpc:Vpc")).toBe(cluster.kind === "eks" && hasNetwork(name));
    },
    120_000,
);

function hasNetwork(stack: string): boolean {
    return stack === "dev" || stack.endsWith("-cluster");
}

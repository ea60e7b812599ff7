import { RULES } from "../../policies/rules";
import { RuleCase, StackCase } from "./fixtures/case";
import { CLUSTER } from "./fixtures/cluster";
import { BUDGET, BUDGETS, TAGGED } from "./fixtures/cost";
import { EKS, EKS_GOOD } from "./fixtures/eks";
import { IAM_GOOD, NODE_ROLE, PERMISSIONS, TRUST } from "./fixtures/iam";
import { FLOW_LOGS, NETWORK, NETWORK_GOOD } from "./fixtures/network";
import { NODES_GOOD, SIZES, STARTS } from "./fixtures/nodes";
import { CONTENTS, ISOLATION } from "./fixtures/pods";
import { SERVICES } from "./fixtures/services";
import { BUCKET_STACK, BUCKETS, STORAGE, STORAGE_GOOD } from "./fixtures/storage";
import { judged, judgedTogether } from "./harness";
import { changed, fixture, pod, PODS, trainJob, UNKNOWN } from "./resources";

const CASES: readonly RuleCase[] = [
    ...[...ISOLATION, ...CONTENTS, ...CLUSTER, ...SERVICES],
    ...[...EKS, ...STARTS, ...SIZES, ...PERMISSIONS, ...TRUST, ...NETWORK, ...STORAGE, ...TAGGED],
];
const STACK_CASES: readonly StackCase[] = [...FLOW_LOGS, ...NODE_ROLE, ...BUCKETS, ...BUDGETS];
const AWS_GOOD = [...EKS_GOOD, ...NODES_GOOD, ...IAM_GOOD, ...NETWORK_GOOD, ...STORAGE_GOOD];

describe.each(CASES.map((one) => [one.rule, one] as const))("%s", (rule, { passes, fails }) => {
    it.each(Object.entries(passes))("accepts: %s", async (_, subject) => {
        expect((await judged(subject)).violations[rule]).toBeUndefined();
    });

    it.each(Object.entries(fails))("finds: %s", async (_, { subject, at, environment }) => {
        const messages = (await judged(subject, environment)).violations[rule] ?? [];
        expect(messages.map((message) => message.split(": ")[0])).toContain(at);
    });
});

describe.each(STACK_CASES.map((one) => [one.rule, one] as const))("%s", (rule, { passes, fails }) => {
    it.each(Object.entries(passes))("accepts: %s", async (_, stack) => {
        expect((await judgedTogether(stack)).violations[rule]).toBeUndefined();
    });

    it.each(Object.entries(fails))("finds: %s", async (_, { stack, at }) => {
        const messages = (await judgedTogether(stack)).violations[rule] ?? [];
        expect(messages.map((message) => message.split(": ")[0])).toEqual([at]);
    });
});

describe("the rules together", () => {
    it("each have fixtures that pass and that fail", () => {
        const complete = [...CASES, ...STACK_CASES].filter(
            ({ passes, fails }) => Object.keys(passes).length > 0 && Object.keys(fails).length > 1,
        );
        expect(complete.map(({ rule }) => rule).sort()).toEqual(RULES.map(({ id }) => id).sort());
    });

    it("accept every fixture that keeps all of them", async () => {
        const pods = [pod(), trainJob(), ...PODS.map(([type, , props]) => fixture(type, props()))];
        for (const subject of [...pods, ...AWS_GOOD]) {
            expect([subject, await judged(subject)]).toEqual([subject, { violations: {}, undecided: [] }]);
        }
        const together = [...EKS_GOOD.slice(0, 1), ...BUCKET_STACK, BUDGET];
        expect(await judgedTogether(together)).toEqual({ violations: {}, undecided: [] });
    });

    it.each(PODS)("look into the pods of %s", async (type, path, props) => {
        const at = `${path}.containers[0].securityContext.privileged`;
        const { violations } = await judged(changed(fixture(type, props()), at, true));
        expect(violations["pod-not-privileged"]?.[0]).toContain(`${at}: true is not allowed`);
    });

    it.each([
        [
            "an AWS resource without a rule",
            "aws:ssm/parameter:Parameter",
            { spec: { hostNetwork: true }, rules: [{ verbs: ["*"] }] },
        ],
        ["an AWS resource with unknown values", "aws:ssm/parameter:Parameter", { spec: UNKNOWN, metadata: UNKNOWN }],
        ["another provider's pod", "other:core/v1:Pod", { spec: { hostNetwork: true } }],
        ["a type without a version", "kubernetes:Pod", { spec: { hostNetwork: true } }],
        ["a component", "mlp:training:TrainingJob", { spec: { hostNetwork: true } }],
        ["a provider", "pulumi:providers:kubernetes", { kubeconfig: UNKNOWN }],
        ["a ConfigMap", "kubernetes:core/v1:ConfigMap", { data: { spec: "hostNetwork" } }],
        ["an ill-typed pod", "kubernetes:core/v1:Pod", { spec: { containers: "none", volumes: null } }],
    ])("have nothing to say of %s", async (_, type, props) => {
        const { violations, undecided } = await judged(fixture(type, props));
        expect({ violations, undecided }).toEqual({ violations: {}, undecided: [] });
    });

    it("never print a secret", async () => {
        const subject = changed(pod(), "spec.containers[0].env[0]", { name: "DB_PASSWORD", value: "hunter2" });
        expect(JSON.stringify(await judged(subject))).not.toContain("hunter2");
    });

    it("name the place, the value, what is allowed, the fix and the page", async () => {
        const { violations } = await judged(changed(pod(), "spec.hostNetwork", true));
        expect(violations["pod-no-host-namespaces"]).toEqual([
            "spec.hostNetwork: true is not allowed (false or unset). Remove `hostNetwork`, `hostPID` and `hostIPC`; " +
                "publish ports through a Service. See docs/policies.md#pod-no-host-namespaces",
        ]);
    });
});

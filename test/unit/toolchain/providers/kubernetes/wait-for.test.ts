import { JsonObject } from "../../../../../toolchain/providers/base/json";
import { compileJsonPath } from "../../../../../toolchain/providers/kubernetes/await/json-path";
import { parseWaitFor } from "../../../../../toolchain/providers/kubernetes/await/wait-for";

const object: JsonObject = {
    metadata: { annotations: { "a.b/c": "x" } },
    status: {
        phase: "Running",
        replicas: 2,
        conditions: [
            { type: "Ready", status: "True" },
            { type: "Healthy", status: "False", reason: "Slow", message: "still starting" },
        ],
    },
};

describe("compileJsonPath", () => {
    it.each([
        ["{.status.phase}", ["Running"]],
        ["$.status.phase", ["Running"]],
        [".status.conditions[0].type", ["Ready"]],
        [".status.conditions[-1].type", ["Healthy"]],
        [".status.conditions[*].status", ["True", "False"]],
        ['{.status.conditions[?(@.type=="Ready")].status}', ["True"]],
        ["$.status.conditions[?@.type == 'Healthy'].status", ["False"]],
        [".metadata.annotations['a.b/c']", ["x"]],
        [".metadata.annotations.a\\.b/c", ["x"]],
        [".status.missing.deeper", []],
    ])("%s finds %j", (expression, found) => {
        expect(compileJsonPath(expression)([object])).toEqual(found);
    });

    it("says where it stops to understand", () => {
        expect(() => compileJsonPath("{.status[}")).toThrow('cannot read the JSONPath "{.status[}" at [');
    });
});

describe("parseWaitFor", () => {
    const nobody = { find: async () => undefined, list: async () => [] };
    const verdict = async (annotation: string) => parseWaitFor(annotation)(object, nobody);

    it.each([
        "condition=Ready",
        "condition=Healthy=false",
        "jsonpath={.status.phase}",
        "jsonpath={.status.phase}=Running",
        "jsonpath=.status.replicas=2",
        'jsonpath={.status.conditions[?(@.type=="Ready")].status}=True',
        '["condition=Ready", "jsonpath={.status.phase}=Running"]',
    ])("%s holds", async (annotation) => {
        expect(await verdict(annotation)).toEqual({ state: "ready" });
    });

    it.each([
        ["condition=Healthy", "condition Healthy to be True (Slow: still starting)"],
        ["jsonpath={.status.phase}=Done", "{.status.phase} to be Done"],
        ["jsonpath={.status.url}", "{.status.url} to exist"],
        ['["condition=Ready", "condition=Healthy"]', "condition Healthy to be True (Slow: still starting)"],
    ])("%s waits for %s", async (annotation, message) => {
        expect(await verdict(annotation)).toEqual({ state: "waiting", message });
    });

    it.each(["nonsense", "condition=", "jsonpath=", "[]", '["condition=Ready", 3]', "[oops"])(
        "refuses %j",
        (annotation) => {
            expect(() => parseWaitFor(annotation)).toThrow(/^pulumi\.com\/waitFor: /);
        },
    );
});

import { describe as describeFinding } from "../../policies/rule";
import { parseWaivers } from "../../policies/waivers";
import { Property } from "../../policies/property";
import { judged, judgedTogether, TODAY } from "./harness";
import { changed, fixture, pod, UNKNOWN, waived } from "./resources";

const terms = { rules: new Set(["pod-no-host-path", "pod-no-host-port"]), today: TODAY };
const withHostPath = changed(pod(), "spec.volumes[0]", { name: "sockets", hostPath: { path: "/run" } });
const GOOD = "pod-no-host-path=the plugin's socket lives there, see #12;expires=2030-12-31";

describe("a waiver", () => {
    it("lets its resource off its rule, and is printed with what it lets through", async () => {
        const { violations } = await judged(waived(withHostPath, GOOD));
        expect(Object.keys(violations)).toEqual(["waiver-used"]);
        expect(violations["waiver-used"]).toEqual([
            "The waiver of pod-no-host-path until 2030-12-31 (the plugin's socket lives there, see #12) " +
                "lets through spec.volumes[0].hostPath. See docs/policies.md#pod-no-host-path",
        ]);
    });

    it("leaves every other rule in force", async () => {
        const subject = changed(waived(withHostPath, GOOD), "spec.hostNetwork", true);
        expect((await judged(subject)).violations["pod-no-host-namespaces"]).toHaveLength(1);
    });

    it("asks to be removed when it lets nothing through", async () => {
        expect((await judged(waived(pod(), GOOD))).violations["waiver-used"]?.[0]).toContain("remove it");
    });

    it("counts on its last day and not on the next", () => {
        expect(parseWaivers(`pod-no-host-path=why;expires=${TODAY}`, terms).inForce).toHaveLength(1);
        expect(parseWaivers("pod-no-host-path=why;expires=2026-11-23", terms).inForce).toHaveLength(0);
    });

    it.each([
        ["no reason", "pod-no-host-path=;expires=2030-12-31", "a reason"],
        ["a blank reason", "pod-no-host-path=  ;expires=2030-12-31", "a reason"],
        ["no expiry", "pod-no-host-path=why", "<rule>=<reason>;expires=YYYY-MM-DD"],
        ["an empty expiry", "pod-no-host-path=why;expires=", "a day such as"],
        ["a day that does not exist", "pod-no-host-path=why;expires=2030-02-30", "a day such as"],
        ["another way of writing days", "pod-no-host-path=why;expires=31.12.2030", "a day such as"],
        ["a day that has passed", "pod-no-host-path=why;expires=2026-11-23", `a day from ${TODAY} on`],
        ["an unknown rule", "pod-no-host=why;expires=2030-12-31", "the id of a rule"],
        ["every rule at once", "*=why;expires=2030-12-31", "the id of a rule"],
        ["the rule about waivers", "waiver-valid=why;expires=2030-12-31", "the id of a rule"],
        ["nothing but a word", "true", "<rule>=<reason>;expires=YYYY-MM-DD"],
        ["nothing but an expiry", "expires=2030-12-31", "<rule>=<reason>;expires=YYYY-MM-DD"],
    ])("with %s waives nothing and is refused", async (_, annotation, allowed) => {
        const { violations } = await judged(waived(withHostPath, annotation));
        expect(violations["pod-no-host-path"]).toHaveLength(1);
        expect(violations["waiver-valid"]).toEqual([expect.stringContaining(allowed)]);
        expect(violations["waiver-valid"]?.[0]).toContain('metadata.annotations["mlp.dev/policy-waiver"]: "');
    });
});

describe("several waivers", () => {
    it.each([";", "; ", ";\n", "\n", ";;"])("may be joined by %j", (joint) => {
        const text = ["pod-no-host-path=one = two;expires=2030-12-31", "pod-no-host-port=b; expires=2031-01-01"];
        expect(parseWaivers(text.join(joint) + joint, terms)).toEqual({
            inForce: [
                { rule: "pod-no-host-path", reason: "one = two", expires: "2030-12-31" },
                { rule: "pod-no-host-port", reason: "b", expires: "2031-01-01" },
            ],
            refused: [],
        });
    });

    it("stand or fall each by itself", () => {
        const { inForce, refused } = parseWaivers(`${GOOD};pod-no-host-port=;expires=2030-12-31`, terms);
        expect(inForce.map(({ rule }) => rule)).toEqual(["pod-no-host-path"]);
        expect(refused.map(({ text }) => text)).toEqual(["pod-no-host-port=;expires=2030-12-31"]);
    });
});

describe("the waivers of a stack", () => {
    it("are counted per rule, and the next to expire is named", async () => {
        const other = "pod-no-host-path=b;expires=2030-07-01;pod-no-host-port=c;expires=2031-01-01";
        const stack = [waived(pod(), GOOD), { ...waived(pod(), other), name: "driver" }, pod()];
        expect((await judgedTogether(stack)).violations["waiver-count"]).toEqual([
            "3 waivers are open: pod-no-host-path 2, pod-no-host-port 1. " +
                "The next to expire is pod-no-host-path on driver, 2030-07-01.",
        ]);
    });

    it("are not mentioned when there are none, or none that is known", async () => {
        const unknown = waived(pod(), UNKNOWN);
        const parameter = fixture("aws:ssm/parameter:Parameter", { metadata: UNKNOWN });
        expect(await judgedTogether([pod(), unknown, parameter])).toEqual({ violations: {}, undecided: [] });
    });
});

it("an absent value is called unset in messages", () => {
    const at = Property.root({}).field("a").field("b.c");
    expect(describeFinding({ id: "x", fix: "Set it." }, { at, allowed: "1" })).toBe(
        'a["b.c"]: unset is not allowed (1). Set it. See docs/policies.md#x',
    );
});

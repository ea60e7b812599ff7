import * as pulumi from "@pulumi/pulumi";

import { currentEnvironment, ENVIRONMENT_VARIABLE, ENVIRONMENTS } from "../../policies/environment";
import { RULES } from "../../policies/rules";
import { policies } from "./harness";

const configure = (platform: unknown) => pulumi.runtime.setAllConfig({ "mlp:platform": JSON.stringify(platform) });
const original = process.env[ENVIRONMENT_VARIABLE];

afterEach(() => {
    pulumi.runtime.setAllConfig({});
    if (original === undefined) delete process.env[ENVIRONMENT_VARIABLE];
    else process.env[ENVIRONMENT_VARIABLE] = original;
});

describe("the environment of the pack", () => {
    it.each(ENVIRONMENTS)("is the stack's: %s", (environment) => {
        configure({ environment });
        expect(currentEnvironment()).toBe(environment);
    });

    it("is the stack's even when the variable names a laxer one", () => {
        configure({ environment: "prod" });
        process.env[ENVIRONMENT_VARIABLE] = "local";
        expect(currentEnvironment()).toBe("prod");
    });

    it("is the variable's where the stack has none", () => {
        process.env[ENVIRONMENT_VARIABLE] = "dev";
        expect(currentEnvironment()).toBe("dev");
    });

    it.each([undefined, ""])("is prod where nothing names one (variable %j)", (value) => {
        if (value === undefined) delete process.env[ENVIRONMENT_VARIABLE];
        else process.env[ENVIRONMENT_VARIABLE] = value;
        expect(currentEnvironment()).toBe("prod");
    });

    it("is refused in one line when there is no such environment", () => {
        configure({ environment: "production" });
        expect(currentEnvironment).toThrow(
            'mlp:platform.environment: "production" is not allowed (one of local, dev, staging, prod). ' +
                "Name the environment that this stack belongs to.",
        );
    });
});

describe("enforcement", () => {
    const levels = (environment: (typeof ENVIRONMENTS)[number]) =>
        Object.fromEntries(policies(environment).map(({ name, enforcementLevel }) => [name, enforcementLevel]));

    it("stops nothing in local, and is silent there about what only prod can keep", () => {
        const onlyInProd = new Set(RULES.filter(({ level }) => level === "mandatory-in-prod").map(({ id }) => id));
        expect(onlyInProd).toContain("pod-image-digest");
        for (const [id, level] of Object.entries(levels("local"))) {
            expect([id, level]).toEqual([id, onlyInProd.has(id) ? "disabled" : "advisory"]);
        }
    });

    it.each([
        ["dev", "mandatory", "advisory", "advisory"],
        ["staging", "mandatory", "advisory", "advisory"],
        ["prod", "mandatory", "mandatory", "advisory"],
    ] as const)("in %s: mandatory %s, mandatory in prod %s, advisory %s", (environment, always, inProd, never) => {
        expect(levels(environment)).toMatchObject({
            "pod-not-privileged": always,
            "waiver-valid": always,
            "pod-image-digest": inProd,
            "pod-read-only-root": never,
            "waiver-used": never,
            "waiver-count": never,
        });
    });
});

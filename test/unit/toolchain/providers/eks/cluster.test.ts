import * as pulumi from "@pulumi/pulumi";

import { refusals } from "../../../../../toolchain/providers/eks/arguments";
import { ANSWERED, ARGUMENTS, Child, CHILDREN, KUBECONFIG } from "./children";

interface Registered {
    readonly type: string;
    readonly name: string;
    readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];
let state: Record<string, unknown>;

beforeAll(async () => {
    await pulumi.runtime.setMocks({
        newResource: ({ type, name, inputs }) => {
            registered.push({ type, name, inputs: inputs as Record<string, unknown> });
            const own = (inputs as { vpcConfig?: object }).vpcConfig;
            const vpcConfig = { ...own, clusterSecurityGroupId: "sg-1" };
            const invented = type === "aws:eks/cluster:Cluster" ? { ...ANSWERED, vpcConfig } : {};
            return { id: `${name}-id`, state: { ...(inputs as object), ...invented } };
        },
        call: () => ({}),
    });
    const { Cluster } = await import("../../../../../toolchain/providers/eks/cluster");
    const cluster = new Cluster("ml", ARGUMENTS);
    state = await new Promise((resolve) => pulumi.output(cluster.state).apply(resolve));
});

const children = (): Registered[] => registered.filter(({ type }) => type !== "eks:index:Cluster");

/** The official component registers it without these: they are the same for it as undefined. */
function present(inputs: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
}

test("the simulator registers the children of the official component, and no others", () => {
    const names = ({ type, name }: Registered | Child) => `${type} ${name}`;

    expect(children().map(names).sort()).toEqual(CHILDREN.map(names).sort());
});

test.each(CHILDREN)("$type $name has the properties that its source gives it", ({ type, name, properties }) => {
    const found = children().find((child) => child.type === type && child.name === name)!;
    const expected = Object.entries(properties).map(([property, { value }]) => [property, value]);

    expect(present(found.inputs)).toEqual(Object.fromEntries(expected));
});

test("every property and every child cites a line", () => {
    const sources = CHILDREN.flatMap(({ source, properties }) => [
        source,
        ...Object.values(properties).map((property) => property.source),
    ]);

    for (const source of sources) expect(source).toMatch(/^cluster\/(cluster|authenticationMode)\.ts:\d+/);
});

test("the component gives out the cluster's kubeconfig and what belongs to it", () => {
    expect(state).toMatchObject({
        kubeconfig: KUBECONFIG,
        kubeconfigJson: JSON.stringify(KUBECONFIG),
        clusterSecurityGroupId: "sg-1",
        nodeSecurityGroupId: "sg-1",
        oidcIssuer: "oidc.eks.eu-west-1.amazonaws.com/id/1",
    });
});

describe("arguments", () => {
    const refused = (more: pulumi.Inputs) =>
        refusals({ ...ARGUMENTS, ...more }).map(({ propertyPath }) => propertyPath);

    it("of ours are served", () => {
        expect(refused({})).toEqual([]);
    });

    it("that would make the official component register more are refused, each by its name", () => {
        expect(
            refused({
                skipDefaultNodeGroup: undefined,
                skipDefaultSecurityGroups: false,
                createOidcProvider: true,
                kubeProxyAddonOptions: undefined,
                authenticationMode: "API_AND_CONFIG_MAP",
                fargate: true,
                autoMode: { enabled: true },
            }),
        ).toEqual([
            ...["fargate", "autoMode", "authenticationMode", "createOidcProvider", "kubeProxyAddonOptions"],
            ...["skipDefaultNodeGroup", "skipDefaultSecurityGroups"],
        ]);
    });

    it("that are needed are asked for, with the way to the official plugin", () => {
        const [problem] = refusals({ ...ARGUMENTS, serviceRole: undefined });

        expect(problem).toMatchObject({
            propertyPath: "serviceRole",
            reason: expect.stringMatching(/eks simulator needs it.*pulumi plugin install/) as string,
        });
    });
});

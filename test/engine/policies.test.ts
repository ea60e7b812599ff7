import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");
const MILLISECONDS = 300_000;

const STACK = "urn:pulumi:dev::mlp::pulumi:pulumi:Stack::mlp-dev";
const TAGS = { owner: "platform", environment: "dev", costCenter: "4711" };

function resource(type: string, name: string, inputs: object, more: object = {}) {
    const urn = `urn:pulumi:dev::mlp::${type}::${name}`;
    return {
        urn,
        custom: true,
        id: `${name}-1`,
        type,
        inputs,
        outputs: { ...inputs, id: `${name}-1` },
        parent: STACK,
        ...more,
    };
}

const vpc = resource("aws:ec2/vpc:Vpc", "vpc", { tags: TAGS });
const subnet = (mapPublicIpOnLaunch: boolean) => resource("aws:ec2/subnet:Subnet", "node", { mapPublicIpOnLaunch });
const flowLog = resource(
    "aws:ec2/flowLog:FlowLog",
    "log",
    { trafficType: "ALL" },
    { propertyDependencies: { vpcId: [vpc.urn] }, dependencies: [vpc.urn] },
);
const association = (role: string) =>
    resource("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "admin", {
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        principalArn: `arn:aws:iam::111122223333:role/${role}`,
        accessScope: { type: "cluster" },
    });

describe("the policies on an exported state", () => {
    let folder: string;
    beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "mlp-policies-"))));
    afterAll(() => rmSync(folder, { recursive: true }));

    function judge(...resources: readonly object[]) {
        const state = join(folder, "state.json");
        const root = { urn: STACK, custom: false, type: "pulumi:pulumi:Stack" };
        const manifest = { time: "2026-11-24T00:00:00Z", magic: "", version: "" };
        writeFileSync(state, JSON.stringify({ version: 3, deployment: { manifest, resources: [root, ...resources] } }));
        const { status, stdout } = spawnSync(
            "npx",
            ["tsx", "cli/main.ts", "policies", "--state", state, "--env", "dev"],
            {
                cwd: ROOT,
                encoding: "utf8",
            },
        );
        return { status, stdout };
    }

    it(
        "pass what keeps them, following the dependencies that the state recorded and the stack's administrators",
        () => {
            const { status, stdout } = judge(vpc, subnet(false), flowLog, association("platform-admin"));
            expect(stdout).not.toContain("[mandatory]");
            expect(status).toBe(0);
        },
        MILLISECONDS,
    );

    it(
        "refuse what breaks them, alone or for want of a neighbour",
        () => {
            const { status, stdout } = judge(vpc, subnet(true), association("somebody"));
            expect(stdout).toContain("mapPublicIpOnLaunch: true is not allowed");
            expect(stdout).toContain("flowLog: unset is not allowed (a FlowLog of this VPC)");
            expect(stdout).toContain("role/platform-admin");
            expect(status).not.toBe(0);
        },
        MILLISECONDS,
    );
});

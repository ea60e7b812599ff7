import { X509Certificate } from "node:crypto";

import * as k8s from "@pulumi/kubernetes";

import { RdsPostgres } from "../../../components/data/aws";
import authorities from "../../../components/data/aws-rds-cas.json";
import { resolveRds } from "../../../components/data/aws-rds-resolve";
import { record, Registered } from "../../support/mocks";
import { policyFindings } from "../../support/policy-findings";

let resources: Registered[];
const instance = (name: string) => {
    const found = resources.find((each) => each.type === "aws:rds/instance:Instance" && each.name === name);
    if (found === undefined) throw new Error(`no instance ${name}`);
    return found.inputs;
};
const args = {
    namespace: "mlp-data",
    region: "eu-west-1",
    vpcId: "vpc-1",
    subnetIds: ["subnet-a", "subnet-b"],
    nodeSecurityGroupId: "sg-nodes",
    kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/k",
    tags: { owner: "ml", environment: "prod", costCenter: "1" },
};

beforeAll(async () => {
    resources = await record(
        () => {
            const kubernetes = new k8s.Provider("cluster", { kubeconfig: "kubeconfig" });
            const opts = { providers: { kubernetes } };
            new RdsPostgres("kept", { ...args, protect: true }, opts);
            new RdsPostgres("fleeting", args, opts);
        },
        false,
        {},
        (type, name) => ({ id: `${name}-id`, ...(type.endsWith("RandomPassword") && { result: `secret-${name}` }) }),
    );
});

describe("PostgreSQL on RDS", () => {
    it("lets in the cluster's nodes and pods, and nobody else", () => {
        const rules = resources.filter(({ type }) => /securityGroup(Ingress|Egress)?Rule/i.test(type));
        expect(rules.map(({ inputs }) => [inputs.referencedSecurityGroupId, inputs.fromPort, inputs.toPort])).toEqual([
            ["sg-nodes", 5432, 5432],
            ["sg-nodes", 5432, 5432],
        ]);
        for (const { inputs } of resources.filter(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup")) {
            expect(inputs).not.toHaveProperty("ingress");
        }
    });

    it("takes no connection without TLS", () => {
        const group = resources.find(({ type }) => type === "aws:rds/parameterGroup:ParameterGroup");
        expect(group?.inputs).toMatchObject({ family: "postgres17" });
        expect(group?.inputs.parameters).toContainEqual({ name: "rds.force_ssl", value: "1" });
    });

    it("keeps a last snapshot and refuses deletion where it is protected, and does neither elsewhere", () => {
        expect(instance("kept")).toMatchObject({
            deletionProtection: true,
            skipFinalSnapshot: false,
            finalSnapshotIdentifier: "kept-final-c0ffee00",
            deleteAutomatedBackups: false,
        });
        expect(instance("fleeting")).toMatchObject({ deletionProtection: false, skipFinalSnapshot: true });
        expect(instance("fleeting")).not.toHaveProperty("finalSnapshotIdentifier");
    });

    it("passes the policies of prod where it is protected", () => {
        const kept = resources.filter(({ name }) => name.startsWith("kept"));
        expect(policyFindings(kept).filter((finding) => !finding.startsWith("stateful-protected"))).toEqual([]);
    });
});

describe("the CAs of RDS", () => {
    it.each(Object.entries(authorities.certificates))("are roots of their own region: %s", (region, pem) => {
        const certificate = new X509Certificate(pem);
        expect(certificate.ca).toBe(true);
        expect(certificate.subject).toContain(`CN=Amazon RDS ${region} Root CA RSA2048 G1`);
        expect(certificate.verify(certificate.publicKey)).toBe(true);
        expect(new Date(certificate.validTo).getFullYear()).toBeGreaterThan(2060);
    });

    it("must be given where a region's is not known", () => {
        expect(() => resolveRds({ region: "eusc-de-east-1" }, "db")).toThrow(/db\.caCertificates: "" is not allowed/);
        const pem = Object.values(authorities.certificates)[0] ?? "";
        expect(resolveRds({ region: "eusc-de-east-1", caCertificates: pem }, "db").caCertificates).toBe(pem);
    });
});

it("tells everything that is wrong at once", () => {
    const broken = () =>
        resolveRds(
            {
                region: "eu-west-1",
                identifier: "-db",
                version: "16.1",
                instanceClass: "db.t4g.micro",
                storageGiB: 5,
                maxStorageGiB: 5,
                backupDays: 0,
            },
            "db",
        );
    const paths = ["identifier", "version", "instanceClass", "storageGiB", "maxStorageGiB", "backupDays"];
    expect(broken).toThrow(new RegExp(paths.map((path) => `db\\.${path}: `).join("[^]*")));
});

import { PolicyDocument } from "../../../../components/cluster/eks/iam-document";
import { keyPolicy, secretsKeyPolicy } from "../../../../components/cluster/eks/iam-key";
import { flowLogPolicy, vpcCniPolicy } from "../../../../components/cluster/eks/iam-network";
import { ebsCsiPolicy, efsCsiPolicy, fsxCsiPolicy } from "../../../../components/cluster/eks/iam-storage";
import { flowLogTrust, podIdentityTrust, serviceTrust } from "../../../../components/cluster/eks/iam-trust";
import { Account, managedPolicyArn, partitionOf } from "../../../../components/cluster/eks/partition";
import { unknownInPolicy } from "../../../support/iam";

const accountIn = (region: string): Account => ({ ...partitionOf(region), region, accountId: "123456789012" });

/** Every document that the component writes, for one region. */
function documentsIn(region: string): Readonly<Record<string, PolicyDocument>> {
    const account = accountIn(region);
    const { partition } = account;
    const subject = { clusterName: "ml", namespace: "kube-system", serviceAccount: "aws-node" };
    return {
        key: keyPolicy(account, ["/aws/eks/ml/cluster"]),
        "secrets key": secretsKeyPolicy(`arn:${partition}:kms:${region}:123456789012:key/1`),
        "flow logs": flowLogPolicy(account, `arn:${partition}:logs:${region}:123456789012:log-group:flow`),
        "vpc-cni": vpcCniPolicy(account, "ml", "vpc-0"),
        "aws-ebs-csi-driver": ebsCsiPolicy(account, "ml"),
        "aws-efs-csi-driver": efsCsiPolicy(
            account,
            `arn:${partition}:elasticfilesystem:${region}:123456789012:file-system/fs-0`,
        ),
        "aws-fsx-csi-driver": fsxCsiPolicy(account),
        "trust in a service": serviceTrust("eks.amazonaws.com"),
        "trust in flow logs": flowLogTrust(account),
        "trust in a pod": podIdentityTrust(account, subject),
    };
}

const documents = Object.entries(documentsIn("eu-west-1"));
/** Whoever holds a key may hand its use on: that is what a key policy is for. */
const rights = documents.filter(([name]) => name !== "key" && !name.startsWith("trust"));

describe("IAM documents", () => {
    it.each(documents)("of %s name only actions and conditions that AWS knows", async (_, document) => {
        expect(await unknownInPolicy(document)).toEqual([]);
    });

    it.each(documents)("of %s name each statement once", (_, { Statement }) => {
        const names = Statement.map(({ Sid }) => Sid);
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) expect(name).toMatch(/^[A-Za-z0-9]+$/);
    });

    it.each(rights)("of %s change nothing without naming what", (_, { Statement }) => {
        const everywhere = Statement.filter(({ Resource }) => Resource === "*").flatMap(({ Action }) => Action);
        expect(everywhere.filter((action) => !/:(Describe|List|Get)/.test(action))).toEqual([]);
    });

    it.each(rights)("of %s have no wildcard among their actions", (_, { Statement }) => {
        expect(Statement.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
    });

    it.each(["vpc-cni", "aws-ebs-csi-driver"])("of %s reach this cluster's nodes alone", (name) => {
        const document = documentsIn("eu-west-1")[name]!;
        const onInstances = document.Statement.filter(({ Resource }) => String(Resource).includes(":instance/"));
        expect(onInstances.map(({ Condition }) => Condition)).toEqual([
            { StringEquals: { "aws:ResourceTag/kubernetes.io/cluster/ml": "owned" } },
        ]);
    });

    it("delete volumes, snapshots and access points only where the driver made them", () => {
        const statements = ["aws-ebs-csi-driver", "aws-efs-csi-driver"].flatMap(
            (name) => documentsIn("eu-west-1")[name]!.Statement,
        );
        const deleting = statements.filter(({ Action }) => Action.some((action) => action.includes(":Delete")));
        expect(deleting).toHaveLength(3);
        for (const { Condition } of deleting) {
            expect(Object.keys(Condition?.StringEquals ?? {})).toEqual([
                expect.stringMatching(/^aws:ResourceTag\/e[bf]s\.csi\.aws\.com\/cluster$/),
            ]);
        }
    });
});

describe("trust in a pod", () => {
    it("is bound to one service account of one cluster of one account", () => {
        expect(documentsIn("eu-west-1")["trust in a pod"]).toEqual({
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "PodIdentity",
                    Effect: "Allow",
                    Principal: { Service: "pods.eks.amazonaws.com" },
                    Action: ["sts:AssumeRole", "sts:TagSession"],
                    Condition: {
                        StringEquals: {
                            "aws:SourceAccount": "123456789012",
                            "aws:RequestTag/eks-cluster-name": "ml",
                            "aws:RequestTag/kubernetes-namespace": "kube-system",
                            "aws:RequestTag/kubernetes-service-account": "aws-node",
                        },
                    },
                },
            ],
        });
    });
});

describe("the key's policy", () => {
    it("opens it to anybody in the account through EBS alone, and to CloudWatch for the named groups", () => {
        const { Statement } = keyPolicy(accountIn("eu-west-1"), ["/aws/eks/ml/cluster"]);
        expect(Statement.find(({ Principal }) => Principal?.AWS === "*")?.Condition).toEqual({
            StringEquals: { "kms:CallerAccount": "123456789012", "kms:ViaService": "ec2.eu-west-1.amazonaws.com" },
        });
        expect(Statement.find(({ Sid }) => Sid === "LogGroups")?.Condition).toEqual({
            ArnLike: {
                "kms:EncryptionContext:aws:logs:arn": [
                    "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/eks/ml/cluster",
                ],
            },
        });
    });
});

describe("other partitions", () => {
    it.each([
        ["eu-west-1", "aws"],
        ["cn-north-1", "aws-cn"],
        ["us-gov-west-1", "aws-us-gov"],
        ["eusc-de-east-1", "aws-eusc"],
    ])("%s has ARNs of %s alone", (region, partition) => {
        const arns = JSON.stringify(documentsIn(region)).match(/arn:[a-z-]+:/g) ?? [];
        expect(arns.length).toBeGreaterThan(10);
        expect(new Set(arns)).toEqual(new Set([`arn:${partition}:`]));
        expect(managedPolicyArn(region, "AmazonEKSClusterPolicy")).toBe(
            `arn:${partition}:iam::aws:policy/AmazonEKSClusterPolicy`,
        );
    });

    it("call services by their own names in China", () => {
        expect(JSON.stringify(keyPolicy(accountIn("cn-north-1"), []))).toContain("ec2.cn-north-1.amazonaws.com.cn");
    });
});

import { Registration, toCloudFormation } from "../../support/cloudformation/convert";

const role: Registration = {
    type: "aws:iam/role:Role",
    name: "nodes",
    inputs: { assumeRolePolicy: '{"Version":"2012-10-17","Statement":[]}', tags: { team: "a" } },
};
const group: Registration = {
    type: "aws:eks/nodeGroup:NodeGroup",
    name: "tune",
    inputs: {
        clusterName: "ml",
        nodeRoleArn: "arn",
        subnetIds: ["subnet-1"],
        scalingConfig: { minSize: 0, maxSize: 2, desiredSize: 0 },
        taints: [{ key: "nvidia.com/gpu", value: "true", effect: "NO_SCHEDULE" }],
        tags: { team: "a" },
    },
};

const findings = (...registrations: Registration[]) => toCloudFormation(registrations).findings;

it("writes names, structures and tags as CloudFormation does", () => {
    const { template, findings: found, converted } = toCloudFormation([role, group]);

    expect(found).toEqual([]);
    expect(converted).toBe(2);
    expect(template.Resources).toEqual({
        Rolenodes: {
            Type: "AWS::IAM::Role",
            Properties: {
                AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] },
                Tags: [{ Key: "team", Value: "a" }],
            },
            Metadata: { name: "nodes" },
        },
        NodeGrouptune: {
            Type: "AWS::EKS::Nodegroup",
            Properties: {
                ClusterName: "ml",
                NodeRole: "arn",
                Subnets: ["subnet-1"],
                ScalingConfig: { MinSize: 0, MaxSize: 2, DesiredSize: 0 },
                Taints: [{ Key: "nvidia.com/gpu", Value: "true", Effect: "NO_SCHEDULE" }],
                Tags: { team: "a" },
            },
            Metadata: { name: "tune" },
        },
    });
});

it("writes an attachment as a part of its role", () => {
    const attachment = {
        type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        name: "pull",
        inputs: { role: "nodes-id", policyArn: "arn:pull" },
    };

    const { template, converted } = toCloudFormation([attachment, role]);

    expect(template.Resources.Rolenodes?.Properties.ManagedPolicyArns).toEqual(["arn:pull"]);
    expect(converted).toBe(2);
});

it.each<[string, Registration, string]>([
    [
        "a property that AWS does not know",
        { ...group, inputs: { ...group.inputs, diskType: "gp3" } },
        "aws:eks/nodeGroup:NodeGroup tune: diskType is unknown to AWS::EKS::Nodegroup",
    ],
    [
        "a property of a structure that AWS does not know",
        { ...group, inputs: { ...group.inputs, scalingConfig: { least: 0 } } },
        "aws:eks/nodeGroup:NodeGroup tune: scalingConfig.least is unknown to AWS::EKS::Nodegroup",
    ],
    [
        "what is missing",
        { ...group, inputs: { clusterName: "ml", nodeRoleArn: "arn" } },
        "aws:eks/nodeGroup:NodeGroup tune: it lacks Subnets",
    ],
    [
        "a value of another type",
        { ...group, inputs: { ...group.inputs, scalingConfig: { minSize: "few" } } },
        'aws:eks/nodeGroup:NodeGroup tune: scalingConfig.minSize: "few" is not a number',
    ],
    [
        "a type that no rule converts",
        { type: "aws:lambda/function:Function", name: "f", inputs: {} },
        "aws:lambda/function:Function f: no rule says how CloudFormation writes it",
    ],
])("finds %s", (_, registration, finding) => {
    expect(findings(registration)).toEqual([finding]);
});

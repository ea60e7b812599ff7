import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";

import { Karpenter } from "../../../components";
import { podTrust, Statement } from "../../../components/iam";
import { queuePolicy } from "../../../components/autoscaling/interruption";
import { controllerPolicies, ControllerScope } from "../../../components/autoscaling/policies";
import { ElasticCapacity, ElasticPool } from "../../../components/contracts";
import { unknownInPolicy } from "../../support/iam";
import { record, Registered } from "../../support/mocks";
import { policyFindings } from "../../support/policy-findings";

const pool: ElasticPool = {
    name: "train",
    instanceTypes: ["p5.48xlarge"],
    capacity: "on-demand",
    zones: ["eu-west-1a"],
    max: 2,
    gpusPerNode: 8,
    architecture: "amd64",
    amiAlias: "al2023@v20261101",
    diskGiB: 500,
    efa: true,
    labels: { "mlp.dev/pool": "train" },
    taints: [{ key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" }],
};
const capacity: ElasticCapacity = {
    clusterName: "prod",
    region: "eu-west-1",
    endpoint: "https://prod.eks.example.org",
    nodeRoleName: "prod-node",
    nodeRoleArn: "arn:aws:iam::111122223333:role/prod-node",
    subnets: { "eu-west-1a": "subnet-0a" },
    securityGroupIds: ["sg-0a"],
    kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1",
    pools: [
        pool,
        { ...pool, name: "tune", efa: false, instanceTypes: ["g6e.xlarge"] },
        { ...pool, name: "kept", capacity: "reserved", reservationId: "cr-0123456789abcdef0" },
    ],
    tags: { owner: "ml", environment: "prod", costCenter: "42" },
};
const images = { references: { karpenter: "public.ecr.aws/karpenter/controller:1.14.1" } };

let resources: Registered[];
const find = (type: string, name?: string) => {
    const found = resources.find((each) => each.type === type && (name === undefined || each.name === name));
    if (found === undefined) throw new Error(`no ${type} ${name ?? ""}`);
    return found.inputs;
};
const named = (type: string) =>
    resources
        .filter((each) => each.type === type)
        .map(({ name }) => name)
        .sort();

beforeAll(async () => {
    resources = await record(() => {
        const providers = [
            new aws.Provider("aws", { region: "eu-west-1" }),
            new k8s.Provider("cluster", { kubeconfig: "kubeconfig" }),
        ];
        new Karpenter("karpenter", { capacity, images }, { providers });
    });
});

describe("Karpenter", () => {
    it("takes every provider from its options", () => {
        const without = resources.filter(({ custom, type, provider }) => {
            return custom && !type.startsWith("pulumi:providers:") && provider === "";
        });
        expect(without).toEqual([]);
    });

    it("learns of the end of nodes from an encrypted queue that five rules feed", () => {
        expect(find("aws:sqs/queue:Queue")).toMatchObject({ sqsManagedSseEnabled: true, messageRetentionSeconds: 300 });
        const rules = resources.filter(({ type }) => type === "aws:cloudwatch/eventRule:EventRule");
        expect(rules.map(({ inputs }) => JSON.parse(inputs.eventPattern as string) as object)).toEqual([
            { source: ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"] },
            { source: ["aws.ec2"], "detail-type": ["EC2 Instance Rebalance Recommendation"] },
            { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"] },
            { source: ["aws.ec2"], "detail-type": ["EC2 Capacity Reservation Instance Interruption Warning"] },
            { source: ["aws.health"], "detail-type": ["AWS Health Event"] },
        ]);
        expect(named("aws:cloudwatch/eventTarget:EventTarget")).toEqual(rules.map(({ name }) => name).sort());
    });

    it("binds its role to its service account in kube-system", () => {
        expect(find("aws:eks/podIdentityAssociation:PodIdentityAssociation")).toMatchObject({
            clusterName: "prod",
            namespace: "kube-system",
            serviceAccount: "karpenter",
        });
        expect(find("kubernetes:core/v1:ServiceAccount", "karpenter").metadata).toMatchObject({
            name: "karpenter",
            namespace: "kube-system",
        });
        expect(named("aws:iam/rolePolicy:RolePolicy")).toHaveLength(4);
    });

    it("runs twice, never on nodes of its own, with every gate named", () => {
        const { spec } = find("kubernetes:apps/v1:Deployment", "karpenter") as {
            spec: {
                replicas: number;
                template: { spec: { affinity: object; containers: { env: { name: string; value?: string }[] }[] } };
            };
        };
        expect(spec.replicas).toBe(2);
        expect(JSON.stringify(spec.template.spec.affinity)).toContain(
            '"key":"karpenter.sh/nodepool","operator":"DoesNotExist"',
        );
        const environment = Object.fromEntries(
            spec.template.spec.containers.flatMap(({ env }) => env.map(({ name, value }) => [name, value])),
        );
        expect(environment).toMatchObject({
            CLUSTER_NAME: "prod",
            CLUSTER_ENDPOINT: "https://prod.eks.example.org",
            AWS_REGION: "eu-west-1",
            ISOLATED_VPC: "false",
            FEATURE_GATES:
                "CapacityBuffer=false,NodeOverlay=false,NodeRepair=true,ReservedCapacity=true," +
                "SpotToSpotConsolidation=false,StaticCapacity=false",
        });
        expect(find("kubernetes:policy/v1:PodDisruptionBudget").spec).toMatchObject({ minAvailable: 1 });
    });

    it("makes a class and a pool for every elastic pool, and a placement group where there is EFA and no reservation", () => {
        expect(named("kubernetes:karpenter.sh/v1:NodePool")).toEqual([
            "karpenter-kept",
            "karpenter-train",
            "karpenter-tune",
        ]);
        expect(named("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass")).toEqual([
            "karpenter-kept-class",
            "karpenter-train-class",
            "karpenter-tune-class",
        ]);
        expect(named("aws:ec2/placementGroup:PlacementGroup")).toEqual(["karpenter-train"]);
        expect(find("aws:ec2/placementGroup:PlacementGroup")).toMatchObject({ strategy: "cluster" });
    });

    it("breaks no rule of the policy pack, but for digests, which only a registry can give", () => {
        expect(policyFindings(resources)).toEqual(["pod-image-digest karpenter"]);
    });
});

describe("Karpenter's rights", () => {
    const place = { partition: "aws", region: "eu-west-1", account: "111122223333", clusterName: "prod" };
    const scope = {
        place,
        nodeRoleArn: capacity.nodeRoleArn as string,
        kmsKeyArn: capacity.kmsKeyArn as string,
        queueArn: "arn:aws:sqs:eu-west-1:111122223333:queue",
        isolated: false,
    };
    const documents = (of: ControllerScope) => {
        const { nodes, surroundings, interruption, discovery } = controllerPolicies(of);
        return [nodes, surroundings, interruption, discovery];
    };
    const statements = documents(scope).flatMap((document) => document.Statement);
    const actionsOf = ({ Action }: Statement): readonly string[] => [Action].flat();

    it("are given to its own service account of its own cluster", () => {
        const [trust] = podTrust(place.account, {
            clusterName: place.clusterName,
            namespace: "kube-system",
            serviceAccount: "karpenter",
        }).Statement;
        expect(trust!.Principal).toEqual({ Service: "pods.eks.amazonaws.com" });
        expect(trust!.Condition!.StringEquals).toEqual({
            "aws:SourceAccount": "111122223333",
            "aws:RequestTag/eks-cluster-name": "prod",
            "aws:RequestTag/kubernetes-namespace": "kube-system",
            "aws:RequestTag/kubernetes-service-account": "karpenter",
        });
    });

    it("use actions and condition keys that AWS knows", async () => {
        const queue = queuePolicy(scope.queueArn, ["arn:aws:events:eu-west-1:111122223333:rule/rebalance"]);
        const trust = podTrust(place.account, {
            clusterName: place.clusterName,
            namespace: "kube-system",
            serviceAccount: "karpenter",
        });
        for (const document of [...documents(scope), queue, trust]) expect(await unknownInPolicy(document)).toEqual([]);
    });

    it("reach everything in the account only to read, within its region where AWS can tell", () => {
        const everywhere = statements.filter(({ Resource }) => Resource === "*");
        for (const statement of everywhere) {
            for (const action of actionsOf(statement)) expect(action).toMatch(/:(Describe|Get|List)/);
        }
        expect(everywhere.map(({ Sid }) => Sid)).toEqual(["ReadRegion", "ReadPrices", "ListInstanceProfiles"]);
    });

    it("end and tag only what carries the cluster's tags", () => {
        const changing = statements.filter((statement) =>
            actionsOf(statement).some((action) =>
                /^ec2:(Terminate|Delete|CreateTags|CreateLaunchTemplate)/.test(action),
            ),
        );
        expect(changing.map(({ Sid }) => Sid)).toEqual([
            "StartWhatIsTagged",
            "TagAtTheStart",
            "TagOwnNodes",
            "EndOwnNodes",
        ]);
        for (const { Condition } of changing) {
            expect(Object.keys(Condition!.StringEquals!)).toContainEqual(
                expect.stringMatching(/^aws:(Request|Resource)Tag\/kubernetes\.io\/cluster\/prod$/),
            );
        }
    });

    it("pass the one role, to EC2", () => {
        expect(statements.filter((statement) => actionsOf(statement).includes("iam:PassRole"))).toMatchObject([
            { Resource: capacity.nodeRoleArn },
        ]);
    });

    it("leave out what an isolated VPC does not reach", () => {
        const isolated = documents({ ...scope, isolated: true }).flatMap((document) => document.Statement);
        const actions = isolated.flatMap(actionsOf);
        expect(actions.filter((action) => /^(pricing:|iam:(?!PassRole))/.test(action))).toEqual([]);
    });

    it("fit into a role's inline policies even with the longest name of a cluster", () => {
        const long = { ...scope, place: { ...place, partition: "aws-us-gov", clusterName: "c".repeat(100) } };
        const size = documents(long).reduce((sum, each) => sum + JSON.stringify(each).length, 0);
        // IAM counts all inline policies of a role together, without white space.
        expect(size).toBeLessThan(10_240);
    });
});

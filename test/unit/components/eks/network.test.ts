import { NatGateways } from "../../../../components/cluster/eks/args";
import { cluster } from "./cluster-args";
import { ofType, Recorded, recordCluster } from "./recorded";

const ZONES = ["eu-west-1a", "eu-west-1b"];

describe("the network of a cluster with a NAT gateway in each zone", () => {
    let recorded: Recorded;
    beforeAll(async () => {
        recorded = await recordCluster(cluster({ network: { zones: ZONES } }));
    }, 60_000);
    const inputs = (type: string) => ofType(recorded.resources, type);
    const subnets = (kind: string) =>
        Object.entries(inputs("aws:ec2/subnet:Subnet")).filter(([name]) => name.startsWith(`cluster-${kind}-`));

    it("has four subnets in each zone, none of which hands out public addresses", () => {
        for (const kind of ["public", "nodes", "pods", "control-plane"]) {
            expect(subnets(kind).map(([, { availabilityZone }]) => availabilityZone)).toEqual(ZONES);
        }
        const all = Object.values(inputs("aws:ec2/subnet:Subnet"));
        expect(all).toHaveLength(8);
        expect(new Set(all.map(({ mapPublicIpOnLaunch }) => mapPublicIpOnLaunch))).toEqual(new Set([false]));
    });

    it("lets load balancers and Karpenter find their subnets by tag", () => {
        const tagsOf = (kind: string) => subnets(kind)[0]![1].tags as Record<string, string>;
        expect(tagsOf("public")["kubernetes.io/role/elb"]).toBe("1");
        expect(tagsOf("nodes")).toMatchObject({
            "kubernetes.io/role/internal-elb": "1",
            "karpenter.sh/discovery": "ml",
        });
        for (const kind of ["pods", "control-plane"]) {
            expect(Object.keys(tagsOf(kind)).sort()).toEqual(["Name", "team"]);
        }
    });

    it("makes the pods' subnets after the range that they are in", () => {
        expect(recorded.options.get("aws:ec2/subnet:Subnet cluster-pods-eu-west-1a")?.dependsOn).toEqual([
            "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation cluster-pods",
        ]);
        expect(inputs("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation")["cluster-pods"]).toMatchObject(
            {
                cidrBlock: "100.64.0.0/16",
            },
        );
    });

    it("sends nodes and pods out through their own zone's gateway, and the control plane nowhere", () => {
        const routes = inputs("aws:ec2/route:Route");
        expect(Object.keys(routes).sort()).toEqual([
            "cluster-private-eu-west-1a",
            "cluster-private-eu-west-1b",
            "cluster-public",
        ]);
        expect(routes["cluster-private-eu-west-1b"]).toMatchObject({
            natGatewayId: "cluster-eu-west-1b-id",
            routeTableId: "cluster-private-eu-west-1b-id",
        });
        const tables = inputs("aws:ec2/routeTableAssociation:RouteTableAssociation");
        expect(tables["cluster-pods-eu-west-1b"]).toMatchObject({ routeTableId: "cluster-private-eu-west-1b-id" });
        expect(tables["cluster-control-plane-eu-west-1b"]).toMatchObject({ routeTableId: "cluster-control-plane-id" });
    });

    it("gives the control plane's interfaces subnets of their own", () => {
        expect(inputs("eks:index:Cluster").cluster).toMatchObject({
            subnetIds: ZONES.map((zone) => `cluster-control-plane-${zone}-id`),
        });
    });

    it("locks the default security group", () => {
        expect(inputs("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").cluster).toMatchObject({
            ingress: [],
            egress: [],
        });
    });

    it("lets nodes and pods reach the endpoints over TLS, and the endpoints reach nobody", () => {
        expect(Object.values(inputs("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"))).toEqual(
            ["10.0.0.0/16", "100.64.0.0/16"].map((cidrIpv4): unknown =>
                expect.objectContaining({ cidrIpv4, ipProtocol: "tcp", fromPort: 443, toPort: 443 }),
            ),
        );
        expect(inputs("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")).toEqual({});
    });

    it("reaches S3 through a gateway endpoint from every private table", () => {
        expect(inputs("aws:ec2/vpcEndpoint:VpcEndpoint")["cluster-s3"]).toMatchObject({
            vpcEndpointType: "Gateway",
            serviceName: "com.amazonaws.eu-west-1.s3",
            routeTableIds: ZONES.map((zone) => `cluster-private-${zone}-id`),
        });
    });

    it("logs every connection, encrypted and kept for a time", () => {
        expect(inputs("aws:ec2/flowLog:FlowLog").cluster).toMatchObject({
            vpcId: "cluster-id",
            trafficType: "ALL",
            logDestinationType: "cloud-watch-logs",
        });
        expect(inputs("aws:cloudwatch/logGroup:LogGroup")["cluster-flow-logs"]).toMatchObject({
            name: "/aws/vpc/ml/flow-logs",
            retentionInDays: 90,
            kmsKeyId: expect.stringContaining(":kms:") as string,
        });
    });

    it("opens nothing to the internet", () => {
        const open = recorded.resources.filter(
            ({ type, inputs: { cidrIpv4, cidrIpv6 } }) =>
                type.includes("IngressRule") && (cidrIpv4 === "0.0.0.0/0" || cidrIpv6 !== undefined),
        );
        expect(open).toEqual([]);
    });
});

describe("a network", () => {
    it("with one NAT gateway sends all zones through it", async () => {
        const { resources } = await recordCluster(
            cluster({ network: { zones: ZONES, natGateways: NatGateways.Single } }),
        );
        expect(Object.keys(ofType(resources, "aws:ec2/natGateway:NatGateway"))).toEqual(["cluster-eu-west-1a"]);
        const routes = ofType(resources, "aws:ec2/route:Route");
        expect(routes["cluster-private-eu-west-1b"]).toMatchObject({ natGatewayId: "cluster-eu-west-1a-id" });
    }, 30_000);

    it("without NAT has no way to the internet, and endpoints for all that nodes call", async () => {
        const { resources } = await recordCluster(
            cluster({ network: { zones: ZONES, natGateways: NatGateways.None } }),
        );
        for (const type of ["natGateway:NatGateway", "internetGateway:InternetGateway", "route:Route", "eip:Eip"]) {
            expect(ofType(resources, `aws:ec2/${type}`)).toEqual({});
        }
        const endpoints = Object.values(ofType(resources, "aws:ec2/vpcEndpoint:VpcEndpoint"));
        expect(endpoints.map(({ serviceName }) => (serviceName as string).split("eu-west-1.")[1])).toEqual(
            expect.arrayContaining(["s3", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sts", "logs"]),
        );
        const interfaces = endpoints.filter(({ vpcEndpointType }) => vpcEndpointType === "Interface");
        for (const endpoint of interfaces) {
            expect(endpoint).toMatchObject({ privateDnsEnabled: true, securityGroupIds: ["cluster-endpoints-id"] });
        }
    }, 30_000);

    it("that exists is used as it is", async () => {
        const nodeSubnets = { "eu-west-1a": "subnet-a", "eu-west-1b": "subnet-b" };
        const { network: _, ...rest } = cluster();
        const { resources } = await recordCluster({ ...rest, existingNetwork: { vpcId: "vpc-0", nodeSubnets } });

        expect(resources.filter(({ type }) => /:(Vpc|Subnet|Route|FlowLog|VpcEndpoint)$/.test(type))).toEqual([]);
        expect(ofType(resources, "eks:index:Cluster").cluster).toMatchObject({
            vpcId: "vpc-0",
            subnetIds: ["subnet-a", "subnet-b"],
        });
        expect(ofType(resources, "aws:eks/nodeGroup:NodeGroup")["cluster-system"]).toMatchObject({
            subnetIds: ["subnet-a", "subnet-b"],
        });
        // Pods share the nodes' subnets: no network of their own to configure.
        const cni = ofType(resources, "aws:eks/addon:Addon")["cluster-vpc-cni"]?.configurationValues as string;
        expect(JSON.parse(cni)).not.toHaveProperty("eniConfig");
    }, 30_000);
});

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { NatGateways } from "./args";
import { Scope, tagsOf } from "./naming";
import { NewNetworkSpec, SubnetSpec } from "./spec";

/** What the cluster is put into, whoever made it. */
export interface Network {
    readonly vpcId: pulumi.Input<string>;
    readonly nodeSubnets: Readonly<Record<string, pulumi.Input<string>>>;
    readonly podSubnets: Readonly<Record<string, pulumi.Input<string>>>;
    readonly controlPlaneSubnets: readonly pulumi.Input<string>[];
    /** Routes and endpoints: a node without them never joins, and one that lost them never leaves cleanly. */
    readonly waysOut: readonly pulumi.Resource[];
}

/** A VPC over all zones and the parts of it that others build on. */
export interface Vpc extends Network {
    readonly vpcId: pulumi.Output<string>;
    /** Route table of the nodes and pods of each zone. */
    readonly privateTables: Readonly<Record<string, aws.ec2.RouteTable>>;
}

/** Makes the VPC: public, node, control-plane and pod subnets in each zone, and the routes between them. */
export function vpcOf(scope: Scope, network: NewNetworkSpec): Vpc {
    const { name, parent } = scope;
    const vpc = new aws.ec2.Vpc(
        name,
        {
            cidrBlock: network.cidr,
            // Private DNS names of interface endpoints, and of the API server's private endpoint, need both.
            enableDnsHostnames: true,
            enableDnsSupport: true,
            tags: tagsOf(scope, "vpc"),
        },
        { parent },
    );
    // Without a rule it lets nothing through: whoever forgets to name a group gets none of the network.
    new aws.ec2.DefaultSecurityGroup(
        name,
        { vpcId: vpc.id, ingress: [], egress: [], tags: tagsOf(scope, "default-locked") },
        { parent },
    );
    const podRange = new aws.ec2.VpcIpv4CidrBlockAssociation(
        `${name}-pods`,
        { vpcId: vpc.id, cidrBlock: network.podCidr },
        { parent },
    );

    const subnets = (kind: SubnetKind, specs: readonly SubnetSpec[]) =>
        subnetsOf({ scope, vpcId: vpc.id, kind, specs, dependsOn: kind === "pods" ? [podRange] : [] });
    const publicSubnets = subnets("public", network.publicSubnets);
    const nodes = subnets("nodes", network.nodeSubnets);
    const pods = subnets("pods", network.podSubnets);
    const controlPlane = subnets("control-plane", network.controlPlaneSubnets);

    const natGateways = publicRoutes(scope, network, vpc.id, publicSubnets);
    const { tables, routes } = privateRoutes(scope, network, vpc.id, natGateways, { nodes, pods });
    // Its interfaces only ever talk within the VPC.
    associate(scope, "control-plane", tableOf(scope, vpc.id, "control-plane"), controlPlane);

    return {
        vpcId: vpc.id,
        nodeSubnets: idsOf(nodes),
        podSubnets: idsOf(pods),
        controlPlaneSubnets: Object.values(controlPlane).map(({ id }) => id),
        waysOut: routes,
        privateTables: tables,
    };
}

type SubnetKind = "public" | "nodes" | "pods" | "control-plane";
type Subnets = Readonly<Record<string, aws.ec2.Subnet>>;

/** Load balancers find their subnets by tag, Karpenter its nodes'. */
const SUBNET_TAGS: Readonly<Record<SubnetKind, (clusterName: string) => Readonly<Record<string, string>>>> = {
    public: () => ({ "kubernetes.io/role/elb": "1" }),
    nodes: (clusterName) => ({ "kubernetes.io/role/internal-elb": "1", "karpenter.sh/discovery": clusterName }),
    pods: () => ({}),
    "control-plane": () => ({}),
};

interface SubnetsArgs {
    readonly scope: Scope;
    readonly vpcId: pulumi.Input<string>;
    readonly kind: SubnetKind;
    readonly specs: readonly SubnetSpec[];
    readonly dependsOn: readonly pulumi.Resource[];
}

function subnetsOf({ scope, vpcId, kind, specs, dependsOn }: SubnetsArgs): Subnets {
    const { name, spec, parent } = scope;
    return Object.fromEntries(
        specs.map(({ zone, cidr }) => [
            zone,
            new aws.ec2.Subnet(
                `${name}-${kind}-${zone}`,
                {
                    vpcId,
                    availabilityZone: zone,
                    cidrBlock: cidr,
                    mapPublicIpOnLaunch: false,
                    tags: tagsOf(scope, `${kind}-${zone}`, SUBNET_TAGS[kind](spec.clusterName)),
                },
                { parent, dependsOn: [...dependsOn] },
            ),
        ]),
    );
}

const idsOf = (subnets: Subnets): Record<string, pulumi.Output<string>> =>
    Object.fromEntries(Object.entries(subnets).map(([zone, { id }]) => [zone, id]));

function tableOf(scope: Scope, vpcId: pulumi.Input<string>, part: string): aws.ec2.RouteTable {
    return new aws.ec2.RouteTable(
        `${scope.name}-${part}`,
        { vpcId, tags: tagsOf(scope, part) },
        { parent: scope.parent },
    );
}

function associate(
    { name, parent }: Scope,
    part: string,
    table: aws.ec2.RouteTable,
    subnets: Subnets,
): pulumi.Resource[] {
    return Object.entries(subnets).map(
        ([zone, { id }]) =>
            new aws.ec2.RouteTableAssociation(
                `${name}-${part}-${zone}`,
                { routeTableId: table.id, subnetId: id },
                { parent },
            ),
    );
}

/** The internet gateway's side. Returns the NAT gateways, by zone; none where nothing is public. */
function publicRoutes(
    scope: Scope,
    network: NewNetworkSpec,
    vpcId: pulumi.Input<string>,
    subnets: Subnets,
): Readonly<Record<string, aws.ec2.NatGateway>> {
    const { name, parent } = scope;
    const zones = Object.keys(subnets);
    if (zones.length === 0) return {};
    const gateway = new aws.ec2.InternetGateway(name, { vpcId, tags: tagsOf(scope, "internet") }, { parent });
    const table = tableOf(scope, vpcId, "public");
    const route = new aws.ec2.Route(
        `${name}-public`,
        { routeTableId: table.id, destinationCidrBlock: ANYWHERE, gatewayId: gateway.id },
        { parent },
    );
    const associations = associate(scope, "public", table, subnets);
    return Object.fromEntries(
        NAT_ZONES[network.natGateways](zones).flatMap((zone) => {
            const subnet = subnets[zone];
            if (subnet === undefined) return [];
            const address = new aws.ec2.Eip(
                `${name}-nat-${zone}`,
                { domain: "vpc", tags: tagsOf(scope, `nat-${zone}`) },
                // An internet gateway cannot be detached while an address of the VPC is public.
                { parent, dependsOn: [gateway] },
            );
            const nat = new aws.ec2.NatGateway(
                `${name}-${zone}`,
                { allocationId: address.id, subnetId: subnet.id, tags: tagsOf(scope, `nat-${zone}`) },
                { parent, dependsOn: [route, ...associations] },
            );
            return [[zone, nat]];
        }),
    );
}

/** Zones that get a NAT gateway, of those with a public subnet. */
const NAT_ZONES: Readonly<Record<NatGateways, (zones: readonly string[]) => readonly string[]>> = {
    [NatGateways.PerZone]: (zones) => zones,
    [NatGateways.Single]: (zones) => zones.slice(0, 1),
    [NatGateways.None]: () => [],
};

const ANYWHERE = "0.0.0.0/0";

/** One table for each zone, so that going from one NAT gateway to one in each zone changes routes alone. */
function privateRoutes(
    scope: Scope,
    network: NewNetworkSpec,
    vpcId: pulumi.Input<string>,
    natGateways: Readonly<Record<string, aws.ec2.NatGateway>>,
    { nodes, pods }: { nodes: Subnets; pods: Subnets },
): { tables: Record<string, aws.ec2.RouteTable>; routes: pulumi.Resource[] } {
    const { name, parent } = scope;
    const [shared] = Object.values(natGateways);
    const tables: Record<string, aws.ec2.RouteTable> = {};
    const routes: pulumi.Resource[] = [];
    for (const zone of network.zones) {
        const table = tableOf(scope, vpcId, `private-${zone}`);
        tables[zone] = table;
        routes.push(...associate(scope, "nodes", table, only(nodes, zone)));
        routes.push(...associate(scope, "pods", table, only(pods, zone)));
        const nat = natGateways[zone] ?? shared;
        if (nat === undefined) continue;
        routes.push(
            new aws.ec2.Route(
                `${name}-private-${zone}`,
                { routeTableId: table.id, destinationCidrBlock: ANYWHERE, natGatewayId: nat.id },
                { parent },
            ),
        );
    }
    return { tables, routes };
}

const only = (subnets: Subnets, zone: string): Subnets => {
    const subnet = subnets[zone];
    return subnet === undefined ? {} : { [zone]: subnet };
};

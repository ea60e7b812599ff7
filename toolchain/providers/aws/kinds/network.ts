import { numberAt, stringAt } from "../../base/json";
import { arn, AwsKind, AwsKinds, Made, text } from "../kind";
import { contains, overlaps } from "../ranges";
import { Store, Stored } from "../store";
import { guarded } from "./security-groups";

const EC2 = "hashicorp/terraform-provider-aws internal/service/ec2";
const inVpc = { path: "vpcId", to: ["aws:ec2/vpc:Vpc"], blocks: true } as const;
const inSubnet = { path: "subnetId", to: ["aws:ec2/subnet:Subnet"], blocks: true } as const;
const inSubnets = { path: "subnetIds", to: ["aws:ec2/subnet:Subnet"], blocks: true } as const;

const vpc: AwsKind = {
    source: `${EC2}/vpc_.go`,
    id: (made) => `vpc-${made.hex(17)}`,
    defaults: { enableDnsSupport: true, enableDnsHostnames: false, instanceTenancy: "default" },
    replaces: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
    computed: (made, id) => ({
        arn: arn("ec2", made.region, `vpc/${id}`),
        defaultNetworkAclId: `acl-${made.hex(17)}`,
        defaultRouteTableId: `rtb-${made.hex(17)}`,
        defaultSecurityGroupId: `sg-${made.hex(17)}`,
        dhcpOptionsId: `dopt-${made.hex(17)}`,
        mainRouteTableId: `rtb-${made.hex(17)}`,
    }),
};

/** The ranges that a VPC has: its own and those associated with it. */
function rangesOf(vpcId: string, store: Store): string[] {
    const own = stringAt(store.named("aws:ec2/vpc:Vpc", vpcId)?.outputs, "cidrBlock");
    const more = store
        .ofType("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation")
        .filter(({ outputs }) => outputs.vpcId === vpcId)
        .map(({ outputs }) => text(outputs.cidrBlock));
    return [...(own === undefined ? [] : [own]), ...more];
}

function subnetsOf(vpcId: string, store: Store): Stored[] {
    return store.ofType("aws:ec2/subnet:Subnet").filter(({ outputs }) => outputs.vpcId === vpcId);
}

const cidrBlockAssociation: AwsKind = {
    source: `${EC2}/vpc_ipv4_cidr_block_association.go`,
    id: (made) => `vpc-cidr-assoc-${made.hex(17)}`,
    references: [inVpc],
    refusesDelete: ({ outputs }, store) => {
        const inside = subnetsOf(text(outputs.vpcId), store).filter((subnet) =>
            contains(text(outputs.cidrBlock), text(subnet.outputs.cidrBlock)),
        );
        if (inside.length === 0) return undefined;
        return `InvalidCidrBlock.InUse: ${inside.map(({ id }) => id).join(", ")} are in ${text(outputs.cidrBlock)}`;
    },
};

const subnet: AwsKind = {
    source: `${EC2}/vpc_subnet.go`,
    id: (made) => `subnet-${made.hex(17)}`,
    defaults: { assignIpv6AddressOnCreation: false, mapPublicIpOnLaunch: false },
    computed: (made, id) => ({
        arn: arn("ec2", made.region, `subnet/${id}`),
        availabilityZoneId: `${made.region}-az${text(made.inputs.availabilityZone).slice(-1)}`,
    }),
    references: [inVpc],
    refusesCreate: ({ inputs }, store) => {
        const [vpcId, range] = [text(inputs.vpcId), text(inputs.cidrBlock)];
        if (!rangesOf(vpcId, store).some((whole) => contains(whole, range))) {
            return `InvalidSubnet.Range: ${range} is in none of the VPC's ranges`;
        }
        const other = subnetsOf(vpcId, store).find(({ outputs }) => overlaps(text(outputs.cidrBlock), range));
        return other === undefined ? undefined : `InvalidSubnet.Conflict: ${range} overlaps with ${other.id}`;
    },
};

const internetGateway: AwsKind = {
    source: `${EC2}/vpc_internet_gateway.go`,
    id: (made) => `igw-${made.hex(17)}`,
    computed: (made, id) => ({ arn: arn("ec2", made.region, `internet-gateway/${id}`) }),
    references: [inVpc],
    // Detaching fails while the VPC has public addresses.
    refusesDelete: ({ outputs }, store) => {
        const subnets = subnetsOf(text(outputs.vpcId), store).map(({ id }) => id);
        const gateways = store
            .ofType("aws:ec2/natGateway:NatGateway")
            .filter((gateway) => subnets.includes(text(gateway.outputs.subnetId)));
        if (gateways.length === 0) return undefined;
        return `DependencyViolation: the VPC has the public addresses of ${gateways.map(({ id }) => id).join(", ")}`;
    },
};

const eip: AwsKind = {
    source: `${EC2}/ec2_eip.go`,
    id: (made) => `eipalloc-${made.hex(17)}`,
    defaults: { domain: "vpc" },
    replaces: ["publicIpv4Pool"],
    computed: (made, id) => ({
        allocationId: id,
        arn: arn("ec2", made.region, `elastic-ip/${id}`),
        // 192.0.2.0/24 is for documentation: nobody has such an address.
        publicIp: `192.0.2.${(parseInt(made.hex(4), 16) % 254) + 1}`,
    }),
};

const natGateway: AwsKind = {
    source: `${EC2}/vpc_nat_gateway.go`,
    id: (made) => `nat-${made.hex(17)}`,
    defaults: { connectivityType: "public" },
    computed: (made) => ({
        networkInterfaceId: `eni-${made.hex(17)}`,
        publicIp: `192.0.2.${(parseInt(made.hex(4), 16) % 254) + 1}`,
        privateIp: "192.0.2.0",
    }),
    references: [inSubnet, { path: "allocationId", to: ["aws:ec2/eip:Eip"], blocks: true }],
    refusesCreate: ({ inputs }, store) => {
        const vpcId = store.named("aws:ec2/subnet:Subnet", text(inputs.subnetId))?.outputs.vpcId;
        const gateways = store.ofType("aws:ec2/internetGateway:InternetGateway");
        if (inputs.connectivityType === "private" || gateways.some(({ outputs }) => outputs.vpcId === vpcId)) return;
        return "Gateway.NotAttached: the VPC has no internet gateway";
    },
};

const routeTable: AwsKind = {
    source: `${EC2}/vpc_route_table.go`,
    id: (made) => `rtb-${made.hex(17)}`,
    computed: (made, id) => ({ arn: arn("ec2", made.region, `route-table/${id}`) }),
    references: [inVpc],
};

const ofRouteTable = { path: "routeTableId", to: ["aws:ec2/routeTable:RouteTable"], blocks: false } as const;

const route: AwsKind = {
    source: `${EC2}/vpc_route.go`,
    id: ({ inputs }) =>
        `r-${text(inputs.routeTableId)}${text(inputs.destinationCidrBlock ?? inputs.destinationIpv6CidrBlock ?? inputs.destinationPrefixListId)}`,
    computed: () => ({ origin: "CreateRoute", state: "active" }),
    references: [
        ofRouteTable,
        { path: "gatewayId", to: ["aws:ec2/internetGateway:InternetGateway"], blocks: false },
        { path: "natGatewayId", to: ["aws:ec2/natGateway:NatGateway"], blocks: false },
    ],
};

const routeTableAssociation: AwsKind = {
    source: `${EC2}/vpc_route_table_association.go`,
    id: (made) => `rtbassoc-${made.hex(17)}`,
    replaces: ["subnetId", "gatewayId"],
    // AWS frees a subnet of its route table by itself.
    references: [ofRouteTable, { ...inSubnet, blocks: false }],
};

const vpcEndpoint: AwsKind = {
    source: `${EC2}/vpc_endpoint.go`,
    id: (made) => `vpce-${made.hex(17)}`,
    defaults: { vpcEndpointType: "Gateway", privateDnsEnabled: false },
    computed: (made, id) => ({
        arn: arn("ec2", made.region, `vpc-endpoint/${id}`),
        dnsEntries: [
            { dnsName: `${id}.${text(made.inputs.serviceName)}.simulated.invalid`, hostedZoneId: "Z0SIMULATED" },
        ],
        networkInterfaceIds: Array.isArray(made.inputs.subnetIds)
            ? made.inputs.subnetIds.map((_, index) => `eni-${index}${made.hex(16)}`)
            : [],
        prefixListId: `pl-${made.hex(8)}`,
        state: "available",
    }),
    references: [inVpc, inSubnets, guarded, { ...ofRouteTable, path: "routeTableIds" }],
};

const flowLog: AwsKind = {
    source: `${EC2}/vpc_flow_log.go`,
    id: (made) => `fl-${made.hex(17)}`,
    defaults: { maxAggregationInterval: 600, trafficType: "ALL" },
    replaces: ["eniId", "iamRoleArn", "subnetId", "transitGatewayAttachmentId", "transitGatewayId", "vpcId"],
    computed: (made, id) => ({ arn: arn("ec2", made.region, `vpc-flow-log/${id}`) }),
    references: [
        { ...inVpc, blocks: false },
        { path: "iamRoleArn", to: ["aws:iam/role:Role"], blocks: false },
    ],
};

const launchTemplate: AwsKind = {
    source: `${EC2}/ec2_launch_template.go`,
    named: "name",
    id: (made) => `lt-${made.hex(17)}`,
    replaces: ["name", "namePrefix"],
    computed: (made, id, before) => {
        const latest = (numberAt(before, "latestVersion") ?? 0) + 1;
        const current = made.inputs.updateDefaultVersion === true ? latest : (numberAt(before, "defaultVersion") ?? 1);
        return {
            arn: arn("ec2", made.region, `launch-template/${id}`),
            latestVersion: latest,
            defaultVersion: numberAt(made.inputs, "defaultVersion") ?? current,
        };
    },
    volatile: ["latestVersion", "defaultVersion"],
    references: [
        { path: "vpcSecurityGroupIds", to: guarded.to, blocks: false },
        { path: "networkInterfaces.*.securityGroups", to: guarded.to, blocks: false },
        { path: "placement.groupName", to: ["aws:ec2/placementGroup:PlacementGroup"], blocks: false },
    ],
};

const placementGroup: AwsKind = {
    source: `${EC2}/ec2_placement_group.go`,
    named: "name",
    id: ({ inputs }) => text(inputs.name),
    replaces: ["name", "partitionCount", "spreadLevel", "strategy"],
    updatable: ["tags"],
    computed: (made, id) => ({
        arn: arn("ec2", made.region, `placement-group/${id}`),
        placementGroupId: `pg-${made.hex(17)}`,
    }),
};

const tag: AwsKind = {
    source: `${EC2}/tag_gen.go`,
    id: ({ inputs }: Made) => `${text(inputs.resourceId)},${text(inputs.key)}`,
    replaces: ["key", "resourceId"],
};

export const NETWORK: AwsKinds = {
    "aws:ec2/eip:Eip": eip,
    "aws:ec2/flowLog:FlowLog": flowLog,
    "aws:ec2/internetGateway:InternetGateway": internetGateway,
    "aws:ec2/launchTemplate:LaunchTemplate": launchTemplate,
    "aws:ec2/natGateway:NatGateway": natGateway,
    "aws:ec2/placementGroup:PlacementGroup": placementGroup,
    "aws:ec2/route:Route": route,
    "aws:ec2/routeTable:RouteTable": routeTable,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": routeTableAssociation,
    "aws:ec2/subnet:Subnet": subnet,
    "aws:ec2/tag:Tag": tag,
    "aws:ec2/vpc:Vpc": vpc,
    "aws:ec2/vpcEndpoint:VpcEndpoint": vpcEndpoint,
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": cidrBlockAssociation,
};

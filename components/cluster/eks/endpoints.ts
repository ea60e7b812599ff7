import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Scope, tagsOf } from "./naming";
import { Vpc } from "./network";
import { NewNetworkSpec } from "./spec";

/**
 * Ways to AWS's APIs that do not leave the VPC. S3's costs nothing and carries images' layers, datasets and models;
 * the others cost by the hour and zone.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
 */
export function vpcEndpoints(scope: Scope, network: NewNetworkSpec, vpc: Vpc): pulumi.Resource[] {
    const { name, spec, parent } = scope;
    const serviceName = (service: string) => `com.amazonaws.${spec.region}.${service}`;
    const s3 = new aws.ec2.VpcEndpoint(
        `${name}-s3`,
        {
            vpcId: vpc.vpcId,
            serviceName: serviceName("s3"),
            vpcEndpointType: "Gateway",
            routeTableIds: Object.values(vpc.privateTables).map(({ id }) => id),
            tags: tagsOf(scope, "s3"),
        },
        { parent },
    );
    if (network.interfaceEndpoints.length === 0) return [s3];

    const group = endpointGroup(scope, network, vpc);
    const interfaces = network.interfaceEndpoints.map(
        (service) =>
            new aws.ec2.VpcEndpoint(
                `${name}-${service}`,
                {
                    vpcId: vpc.vpcId,
                    serviceName: serviceName(service),
                    vpcEndpointType: "Interface",
                    subnetIds: Object.values(vpc.nodeSubnets),
                    securityGroupIds: [group.id],
                    privateDnsEnabled: true,
                    tags: tagsOf(scope, service),
                },
                { parent },
            ),
    );
    return [s3, ...interfaces];
}

/** Lets nodes and pods in over TLS. It answers and never asks, so it has no way out. */
function endpointGroup(scope: Scope, network: NewNetworkSpec, vpc: Vpc): aws.ec2.SecurityGroup {
    const { name, spec, parent } = scope;
    const group = new aws.ec2.SecurityGroup(
        `${name}-endpoints`,
        {
            vpcId: vpc.vpcId,
            description: `Interface endpoints of the EKS cluster ${spec.clusterName}`,
            tags: tagsOf(scope, "endpoints"),
        },
        { parent },
    );
    for (const [part, cidrIpv4] of Object.entries({ vpc: network.cidr, pods: network.podCidr })) {
        new aws.vpc.SecurityGroupIngressRule(
            `${name}-endpoints-${part}`,
            {
                securityGroupId: group.id,
                description: `TLS from ${part}`,
                cidrIpv4,
                ipProtocol: "tcp",
                fromPort: 443,
                toPort: 443,
                tags: tagsOf(scope, `endpoints-${part}`),
            },
            { parent },
        );
    }
    return group;
}

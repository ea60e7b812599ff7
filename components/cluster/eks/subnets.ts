import { Cidr, formatCidr, knownCidr, nthBlock, overlap, sizeOf, within } from "./cidr";
import type { SubnetSpec } from "./spec";

/** Zones that the layout keeps room for. */
export const MOST_ZONES = 3;
/** Addresses of every subnet that AWS keeps: the first four and the last. */
const KEPT_BY_AWS = 5;
/** Addresses that an internal load balancer may take. */
const LOAD_BALANCER = 8;
/** vpc-cni takes pods' addresses in blocks of 16. */
const BLOCK = 16;

export interface SubnetLayout {
    readonly publicSubnets: readonly SubnetSpec[];
    readonly nodeSubnets: readonly SubnetSpec[];
    readonly controlPlaneSubnets: readonly SubnetSpec[];
    readonly podSubnets: readonly SubnetSpec[];
}

/**
 * Cuts a VPC's two ranges into subnets, one of each kind for each zone.
 *
 * Places are reckoned for three zones whatever there are: a third zone, or public subnets, can be added later and no
 * existing subnet moves, which AWS would answer by replacing it with everything inside.
 */
export function layOut(vpc: Cidr, pods: Cidr, zones: readonly string[]): SubnetLayout {
    const node = nodePrefix(vpc);
    const open = publicPrefix(vpc);
    const publicRange = nthBlock(vpc, node, MOST_ZONES);
    const afterPublic = publicRange.base + MOST_ZONES * sizeOf(open);
    const cut = (range: Cidr, prefix: number) =>
        zones.map((zone, index) => ({ zone, cidr: formatCidr(nthBlock(range, prefix, index)) }));
    return {
        nodeSubnets: cut(vpc, node),
        publicSubnets: cut(publicRange, open),
        controlPlaneSubnets: cut({ base: afterPublic, prefix: CONTROL_PLANE_PREFIX }, CONTROL_PLANE_PREFIX),
        podSubnets: cut(pods, pods.prefix + 2),
    };
}

/** Sixteen addresses: what AWS recommends, and the least that a subnet can have. */
const CONTROL_PLANE_PREFIX = 28;

/** Load balancers want a /27 at least; more than a /24 is never needed. */
function publicPrefix({ prefix }: Cidr): number {
    return Math.min(27, Math.max(24, prefix + 5));
}

/** The largest nodes' subnets that leave room for the others. */
function nodePrefix(vpc: Cidr): number {
    const others = MOST_ZONES * (sizeOf(publicPrefix(vpc)) + sizeOf(CONTROL_PLANE_PREFIX));
    let prefix = vpc.prefix + 2;
    while (MOST_ZONES * sizeOf(prefix) + others > sizeOf(vpc.prefix)) prefix += 1;
    return prefix;
}

/** Nodes that a zone's subnet can hold beside the interface endpoints and a load balancer. */
export function nodesThatFit(subnet: Cidr, endpoints: number): number {
    return Math.max(0, sizeOf(subnet.prefix) - KEPT_BY_AWS - LOAD_BALANCER - endpoints);
}

/** Blocks of 16 addresses that a pod subnet has. AWS's own addresses spoil the first and the last. */
export function blocksOf(subnet: Cidr): number {
    return Math.max(0, sizeOf(subnet.prefix) / BLOCK - 2);
}

/** Blocks that a node takes: for its pods, one that vpc-cni keeps warm, and one for its interfaces' own addresses. */
export function blocksPerNode(maxPods: number): number {
    return Math.ceil(maxPods / BLOCK) + 2;
}

/** RFC 1918: addresses that never leave a private network. */
export function isPrivate(range: Cidr): boolean {
    return PRIVATE.some((outer) => within(range, outer));
}

/** RFC 6598: addresses that other networks rarely route, and so are free for pods. */
export function isShared(range: Cidr): boolean {
    return within(range, SHARED);
}

/** Of the two ranges that EKS knows for Services, the first that the VPC leaves free. */
export function serviceCidrFor(vpc: Cidr): string {
    return formatCidr(overlap(vpc, SERVICES) ? OTHER_SERVICES : SERVICES);
}

const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(knownCidr);
const SHARED = knownCidr("100.64.0.0/10");
const SERVICES = knownCidr("172.20.0.0/16");
const OTHER_SERVICES = knownCidr("10.100.0.0/16");

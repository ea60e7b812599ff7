import { EksGpuClusterArgs, ExistingNetworkArgs, NatGateways, NewNetworkArgs } from "./args";
import { Cidr, knownCidr, parseCidr } from "./cidr";
import { LOG_DAYS } from "./log-days";
import type { Checks } from "./resolve-checks";
import type { ExistingNetworkSpec, NetworkSpec, NewNetworkSpec } from "./spec";
import { isPrivate, isShared, layOut, MOST_ZONES, serviceCidrFor } from "./subnets";

const DEFAULT_CIDR = "10.0.0.0/16";
const DEFAULT_POD_CIDR = "100.64.0.0/16";

/** What nodes and controllers call; without NAT, all of it has to be reached within the VPC. */
const ISOLATED_ENDPOINTS = [
    "autoscaling",
    "ec2",
    "ec2messages",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "kms",
    "logs",
    "sqs",
    "ssm",
    "ssmmessages",
    "sts",
];

/** Endpoints cost by the hour in each zone: the cheap network has none, the resilient one those that pods start by. */
const ENDPOINTS: Readonly<Record<NatGateways, readonly string[]>> = {
    [NatGateways.Single]: [],
    [NatGateways.PerZone]: ["ecr.api", "ecr.dkr", "eks-auth", "logs", "sts"],
    [NatGateways.None]: ISOLATED_ENDPOINTS,
};

/** Fills the network in; undefined where nothing can be said of it. */
export function resolveNetwork(args: EksGpuClusterArgs, checks: Checks): NetworkSpec | undefined {
    const { network, existingNetwork } = args;
    if ((network === undefined) === (existingNetwork === undefined)) {
        checks.wrong(
            network === undefined ? "network" : "existingNetwork",
            network === undefined ? null : Object.keys(existingNetwork ?? {}),
            "exactly one of network and existingNetwork",
            "Let the component make a VPC, or name one: not both, not neither.",
        );
        return undefined;
    }
    if (network !== undefined) return newNetwork(network, args, checks.at("network"));
    return existingNetwork && existing(existingNetwork, args.region, checks.at("existingNetwork"));
}

function newNetwork(network: NewNetworkArgs, args: EksGpuClusterArgs, checks: Checks): NewNetworkSpec {
    const zones = [...network.zones];
    checkZones(zones, args.region, checks, (index) => `zones[${index}]`, "zones");
    const natGateways = checks.oneOf(
        "natGateways",
        network.natGateways ?? NatGateways.PerZone,
        Object.values(NatGateways),
    );
    const { cidr = DEFAULT_CIDR, podCidr = DEFAULT_POD_CIDR } = network;
    const vpc = range(checks, "cidr", cidr, { from: 16, to: 24 }, DEFAULT_CIDR);
    if (!isPrivate(vpc)) {
        const allowed = "a range in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16";
        checks.wrong("cidr", cidr, allowed, "Take a private range that no connected network uses.");
    }
    const pods = range(checks, "podCidr", podCidr, { from: 16, to: 20 }, DEFAULT_POD_CIDR);
    if (!isShared(pods)) {
        const fix = "Take a range there: it never overlaps the VPC's own, and other networks rarely route it.";
        checks.wrong("podCidr", podCidr, "a range in 100.64.0.0/10", fix);
    }
    const layout = layOut(vpc, pods, zones.slice(0, MOST_ZONES));
    return {
        kind: "new",
        cidr,
        podCidr,
        serviceCidr: serviceCidrFor(vpc),
        zones,
        ...layout,
        publicSubnets: natGateways === NatGateways.None ? [] : layout.publicSubnets,
        natGateways,
        interfaceEndpoints: endpointsFor(natGateways, args),
        flowLogDays: checks.oneOf("flowLogDays", network.flowLogDays ?? 90, LOG_DAYS),
    };
}

function endpointsFor(natGateways: NatGateways, { storage }: EksGpuClusterArgs): readonly string[] {
    const services = ENDPOINTS[natGateways] ?? [];
    if (natGateways !== NatGateways.None) return services;
    const forStorage = [...(storage?.efs ? ["elasticfilesystem"] : []), ...(storage?.lustre ? ["fsx"] : [])];
    return [...services, ...forStorage].sort();
}

/** The range that is written, or a stand-in to go on with where it is none. */
function range(
    checks: Checks,
    part: string,
    text: string,
    { from, to }: { from: number; to: number },
    standIn: string,
): Cidr {
    const parsed = parseCidr(text);
    if (parsed !== undefined && parsed.prefix >= from && parsed.prefix <= to) return parsed;
    const allowed = `the first address of an IPv4 range with its length, /${from} to /${to}, such as ${standIn}`;
    checks.wrong(part, text, allowed, "Write the range so.");
    return knownCidr(standIn);
}

function existing(network: ExistingNetworkArgs, region: string, checks: Checks): ExistingNetworkSpec {
    const zones = Object.keys(network.nodeSubnets).sort();
    checkZones(zones, region, checks, (index) => `nodeSubnets.${zones[index]}`, "nodeSubnets");
    if (network.podSubnets !== undefined) {
        const podZones = Object.keys(network.podSubnets).sort();
        if (podZones.join() !== zones.join()) {
            const allowed = `a subnet in each of ${zones.join(", ")}, and no other`;
            checks.wrong("podSubnets", podZones, allowed, "Name one for each zone, or leave podSubnets out.");
        }
    }
    return {
        kind: "existing",
        vpcId: network.vpcId,
        zones,
        nodeSubnets: { ...network.nodeSubnets },
        podSubnets: { ...(network.podSubnets ?? network.nodeSubnets) },
    };
}

function checkZones(
    zones: readonly string[],
    region: string,
    checks: Checks,
    part: (index: number) => string,
    all: string,
): void {
    if (zones.length < 2 || zones.length > MOST_ZONES) {
        checks.wrong(all, zones, "two or three zones", "EKS needs two; more than three add cost and no safety.");
    }
    zones.forEach((zone, index) => {
        if (!zone.startsWith(region) || !/^[a-z]$/.test(zone.slice(region.length))) {
            const fix = "Name zones of the cluster's region, or correct the region.";
            checks.wrong(part(index), zone, `a zone of ${region}, such as ${region}a`, fix);
        }
    });
    checks.unique(zones, part);
}

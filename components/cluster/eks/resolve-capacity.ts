import { Scaling } from "./args";
import { knownCidr } from "./cidr";
import type { Checks } from "./resolve-checks";
import type { NewNetworkSpec, PoolSpec } from "./spec";
import { blocksOf, blocksPerNode, nodesThatFit } from "./subnets";

/**
 * Compares every zone's subnets with the nodes that may be there at the same time, and with their pods.
 *
 * The worst case counts: when a zone fails, or spot is to be had in one zone only, a pool has all its nodes in it.
 */
export function checkCapacity(network: NewNetworkSpec, pools: readonly PoolSpec[], checks: Checks): void {
    const fullest = network.zones.map((zone) => demandOf(pools.filter(({ zones }) => zones.includes(zone))));
    const nodes = Math.max(...fullest.map((demand) => demand.nodes));
    const blocks = Math.max(...fullest.map((demand) => demand.blocks));
    const [nodeSubnet] = network.nodeSubnets;
    const [podSubnet] = network.podSubnets;
    if (nodeSubnet === undefined || podSubnet === undefined) return;
    const room = nodesThatFit(knownCidr(nodeSubnet.cidr), network.interfaceEndpoints.length);
    if (nodes > room) {
        const allowed = `a range whose subnets hold ${nodes} nodes in one zone (this one's hold ${room})`;
        checks.wrong("cidr", network.cidr, allowed, "Take a larger range, or lower the pools' max.");
    }
    const podRoom = blocksOf(knownCidr(podSubnet.cidr));
    if (blocks > podRoom) {
        const allowed = `a range whose subnets have ${blocks} blocks of 16 for the pods of one zone (here: ${podRoom})`;
        checks.wrong("podCidr", network.podCidr, allowed, "Take a larger range, or lower the pools' max.");
    }
}

function demandOf(pools: readonly PoolSpec[]): { nodes: number; blocks: number } {
    // A group that is updated starts the new node before it ends the old one.
    const nodesOf = ({ max, scaling }: PoolSpec) => max + (scaling === Scaling.Fixed ? 1 : 0);
    return {
        nodes: pools.reduce((sum, pool) => sum + nodesOf(pool), 0),
        blocks: pools.reduce((sum, pool) => sum + nodesOf(pool) * blocksPerNode(pool.maxPods), 0),
    };
}

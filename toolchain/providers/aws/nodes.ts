import { createHash } from "node:crypto";

import { JsonObject, numberAt, objectAt, objectsAt, stringAt } from "../base/json";
import { capacityOf } from "./instance-types";
import { text } from "./kind";
import { valuesAt } from "./references";
import { Store, Stored } from "./store";

export interface SimulatedNode {
    readonly name: string;
    /** What is declared: labels and taints. */
    readonly object: JsonObject;
    /** What the kubelet would report. */
    readonly status: JsonObject;
}

const EFFECTS: Readonly<Record<string, string>> = {
    NO_EXECUTE: "NoExecute",
    NO_SCHEDULE: "NoSchedule",
    PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

/** The nodes of a node group: as many as it desires, spread over its zones in turn. */
export function nodesOf(group: Stored, store: Store = new Store()): SimulatedNode[] {
    const size = numberAt(group.outputs, "scalingConfig", "desiredSize") ?? 0;
    const zones = zonesOf(group, store);
    return Array.from({ length: size }, (_, index) => node(group, index, zones[index % zones.length] ?? "unknown"));
}

function zonesOf({ outputs }: Stored, store: Store): string[] {
    const zones = valuesAt(outputs, "subnetIds").map((id) =>
        stringAt(store.named("aws:ec2/subnet:Subnet", id)?.outputs, "availabilityZone"),
    );
    return [...new Set(zones.filter((zone) => zone !== undefined))].sort();
}

function node({ outputs, region, id }: Stored, index: number, zone: string): SimulatedNode {
    const group = text(outputs.nodeGroupName);
    const instanceType = valuesAt(outputs, "instanceTypes")[0] ?? "t3.medium";
    const { architecture, cpu, memoryGiB, gpus } = capacityOf(instanceType);
    const digits = createHash("sha256").update(`${id} ${zone} ${index}`).digest("hex").slice(0, 6);
    const name = `${group}-${zone.slice(-1)}-${digits}`;
    const labels = {
        "kubernetes.io/arch": architecture,
        "kubernetes.io/os": "linux",
        "kubernetes.io/hostname": name,
        "topology.kubernetes.io/region": region,
        "topology.kubernetes.io/zone": zone,
        "node.kubernetes.io/instance-type": instanceType,
        "eks.amazonaws.com/nodegroup": group,
        "eks.amazonaws.com/capacityType": text(outputs.capacityType, "ON_DEMAND"),
        ...objectAt(outputs, "labels"),
    };
    const taints = objectsAt(outputs, "taints").map(({ key, value, effect }) => ({
        key: key ?? "",
        ...(value === undefined ? {} : { value }),
        effect: EFFECTS[text(effect)] ?? text(effect),
    }));
    const resources = {
        cpu: String(cpu),
        memory: `${memoryGiB}Gi`,
        "ephemeral-storage": "100Gi",
        pods: "110",
        ...(gpus === 0 ? {} : { "nvidia.com/gpu": String(gpus) }),
    };
    return {
        name,
        object: {
            apiVersion: "v1",
            kind: "Node",
            metadata: { name, labels, annotations: { "kwok.x-k8s.io/node": "fake" } },
            spec: { providerID: `aws:///${zone}/i-${digits}`, ...(taints.length === 0 ? {} : { taints }) },
        },
        status: { capacity: resources, allocatable: resources },
    };
}

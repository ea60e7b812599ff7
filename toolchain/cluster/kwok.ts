import { Component, flags, goMemory } from "./component";
import { kubeconfigFile } from "./control-plane";
import { net } from "./layout";
import { SimulatedNodes } from "./types";

/** Nodes that carry it are kwok's; Karpenter's kwok provider sets it on those that it makes. */
const FAKE_NODE = "kwok.x-k8s.io/node=fake";
const HEALTH = "127.0.0.1:10247";

/** Keeps nodes Ready and takes pods on them through their stages. */
export function kwok({ binaries, stages }: Pick<SimulatedNodes, "binaries" | "stages">): Component {
    const { path, files } = kubeconfigFile("kwok");
    return {
        name: "kwok",
        program: binaries.kwok,
        args: [
            ...flags({
                kubeconfig: path,
                "manage-nodes-with-annotation-selector": FAKE_NODE,
                "node-lease-duration-seconds": 40,
                "node-ip": net.nodeIp,
                cidr: net.podRange,
                "server-address": HEALTH,
            }),
            ...stages.map((file) => `--config=${file}`),
        ],
        env: goMemory("512MiB"),
        files,
        ready: { url: `http://${HEALTH}/healthz` },
        after: ["kube-apiserver"],
    };
}

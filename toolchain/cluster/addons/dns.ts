import { net } from "../layout";
import { AddonObject, object } from "./objects";

const NAME = "kube-dns";
const NAMESPACE = "kube-system";

/** The Service under which pods reach CoreDNS. It has no selector: CoreDNS is a process of the node, not a pod. */
export function dns(): AddonObject[] {
    const ports = [
        { name: "dns", port: 53, protocol: "UDP" },
        { name: "dns-tcp", port: 53, protocol: "TCP" },
        { name: "metrics", port: 9153, protocol: "TCP" },
    ];
    return [
        object("Service", {
            metadata: { name: NAME, namespace: NAMESPACE, labels: { "k8s-app": NAME } },
            spec: { clusterIP: net.dnsServiceIp, ports },
        }),
        object("EndpointSlice", {
            metadata: {
                name: NAME,
                namespace: NAMESPACE,
                labels: {
                    "kubernetes.io/service-name": NAME,
                    "endpointslice.kubernetes.io/managed-by": "mlp-toolchain",
                },
            },
            addressType: "IPv4",
            ports,
            endpoints: [{ addresses: [net.nodeIp], conditions: { ready: true } }],
        }),
    ];
}

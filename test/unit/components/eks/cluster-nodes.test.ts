import { GpuAmi } from "../../../../components/cluster/eks/args";
import { efaInterfaces } from "../../../../components/cluster/eks/efa";
import { resolveEks } from "../../../../components/cluster/eks/resolve";
import { userDataOf } from "../../../../components/cluster/eks/user-data";
import { cluster, pool } from "./cluster-args";

describe("Elastic Fabric Adapters", () => {
    it("are the node's only interface where there is one", () => {
        expect(efaInterfaces(1, "g6.8xlarge")).toEqual([{ networkCardIndex: 0, deviceIndex: 0, interfaceType: "efa" }]);
    });

    it("have a network card each, beside a plain first interface", () => {
        expect(efaInterfaces(4, "p4d.24xlarge")).toEqual([
            { networkCardIndex: 0, deviceIndex: 0, interfaceType: "interface" },
            { networkCardIndex: 0, deviceIndex: 1, interfaceType: "efa-only" },
            { networkCardIndex: 1, deviceIndex: 0, interfaceType: "efa-only" },
            { networkCardIndex: 2, deviceIndex: 0, interfaceType: "efa-only" },
            { networkCardIndex: 3, deviceIndex: 0, interfaceType: "efa-only" },
        ]);
    });

    it("begin at the second card where the first is Ethernet's", () => {
        const cards = efaInterfaces(16, "p6-b300.48xlarge").map(({ networkCardIndex }) => networkCardIndex);
        expect(cards).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    });
});

describe("user data", () => {
    const of = (different: Parameters<typeof pool>[0]) =>
        userDataOf(resolveEks(cluster({ gpuPools: [pool(different)] }), "cluster").gpuPools[0]!);

    it("tells Amazon Linux how many pods fit and to join its disks, in a part that nodeadm reads", () => {
        const [head = "", body = ""] = of({ instanceTypes: ["g6.xlarge"] }).split(
            "Content-Type: application/node.eks.aws\n",
        );
        expect(head).toMatch(/^MIME-Version: 1\.0\nContent-Type: multipart\/mixed; boundary="([^"]+)"\n\n--\1\n$/);
        expect(JSON.parse(body.split("\n--")[0]!)).toEqual({
            apiVersion: "node.eks.aws/v1alpha1",
            kind: "NodeConfig",
            spec: { kubelet: { config: { maxPods: 110 } }, instance: { localStorage: { strategy: "RAID0" } } },
        });
    });

    it("tells the system pool's nodes nothing of disks", () => {
        expect(userDataOf(resolveEks(cluster(), "cluster").systemPool)).not.toContain("localStorage");
    });

    it("tells Bottlerocket to cut GPUs, by the name it knows them by", () => {
        const cut = { ami: GpuAmi.Bottlerocket, sharing: { migProfile: "1g.10gb" } };
        expect(of({ ...cut, instanceTypes: ["p5.48xlarge"] })).toBe(
            [
                "[settings.kubernetes]",
                "max-pods = 250",
                "[settings.kubelet-device-plugins.nvidia]",
                'device-partitioning-strategy = "mig"',
                "[settings.kubelet-device-plugins.nvidia.mig.profile]",
                '"h100.80gb" = "1g.10gb"',
                "",
            ].join("\n"),
        );
    });

    it.each([
        ["p4d.24xlarge", "1g.5gb", "a100.40gb"],
        ["p4de.24xlarge", "1g.10gb", "a100.80gb"],
        ["p5en.48xlarge", "1g.18gb", "h200.141gb"],
        ["p6-b200.48xlarge", "1g.23gb", "b200.180gb"],
        ["g7e.2xlarge", "1g.24gb", "rtxpro6000.96gb"],
    ])("names the GPU of %s cut into %s as %s", (type, migProfile, key) => {
        expect(of({ ami: GpuAmi.Bottlerocket, instanceTypes: [type], sharing: { migProfile } })).toContain(
            `"${key}" =`,
        );
    });
});

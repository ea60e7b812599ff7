import { nodeAddons, podAddons, simulatedNodesAddons } from "../../../../toolchain/cluster/addons";
import { pathOf } from "../../../../toolchain/cluster/addons/objects";
import { references } from "../../../../images/catalogue";

const objects = [...nodeAddons(), ...podAddons({ authority: "a", certificate: "c", key: "k" })];
const deployments = objects.flatMap((each) => (each.kind === "Deployment" ? [each] : []));

describe("the add-ons of simulated nodes", () => {
    const { processes, pods } = simulatedNodesAddons();

    it("let the administrators in and kwok do what kubelets do, no more", () => {
        expect(pods).toEqual([]);
        expect(processes.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
            "ClusterRoleBinding mlp:cluster-admins",
            "ClusterRole mlp:kwok",
            "ClusterRoleBinding mlp:kwok",
        ]);
        expect(JSON.stringify(processes)).not.toContain("*");
    });
});

describe("the add-ons", () => {
    it("are each one object, served under its own path", () => {
        const paths = objects.map(pathOf);
        expect(new Set(paths).size).toBe(paths.length);
        expect(paths).toContain("/apis/apps/v1/namespaces/kube-system/deployments/metrics-server");
        expect(paths).toContain("/api/v1/namespaces/local-path-storage");
        expect(paths).toContain("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io");
    });

    it("come after the namespace that they live in", () => {
        const index = objects.findIndex(
            ({ kind, metadata }) => kind === "Namespace" && metadata.name === "local-path-storage",
        );
        const inside = objects.findIndex(({ metadata }) => metadata.namespace === "local-path-storage");
        expect(index).toBeLessThan(inside);
    });

    it("run images of the catalogue, never root, without a right that they do not need", () => {
        expect(deployments).toHaveLength(2);
        for (const { spec } of deployments) {
            const pod = spec!.template.spec!;
            expect(pod.securityContext).toMatchObject({
                runAsNonRoot: true,
                seccompProfile: { type: "RuntimeDefault" },
            });
            for (const { image, securityContext } of pod.containers) {
                expect(Object.values(references())).toContain(image);
                expect(securityContext).toEqual({
                    allowPrivilegeEscalation: false,
                    capabilities: { drop: ["ALL"] },
                    readOnlyRootFilesystem: true,
                });
            }
        }
    });

    it("hand out no wildcard, and cluster-admin to the administrators' group alone", () => {
        const roles = objects.flatMap((each) => (each.kind === "ClusterRole" || each.kind === "Role" ? [each] : []));
        expect(JSON.stringify(roles.map(({ rules }) => rules))).not.toContain("*");
        const admins = objects.flatMap((each) =>
            each.kind === "ClusterRoleBinding" && each.roleRef.name === "cluster-admin" ? each.subjects! : [],
        );
        expect(admins.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["Group mlp:cluster-admins"]);
    });

    it("make exactly one StorageClass the default", () => {
        const classes = objects.filter(({ kind }) => kind === "StorageClass");
        expect(JSON.stringify(classes)).toContain('"storageclass.kubernetes.io/is-default-class":"true"');
        expect(classes).toHaveLength(1);
    });
});

import { references } from "../../../images/catalogue";
import { buildPlatform } from "../../../infra/platform";
import { clusterOf, resolve } from "../../../infra/resolve";
import { record, Registered } from "../../support/mocks";
import { podsOf } from "../../support/pods";

const ANY_STRING = expect.any(String) as unknown;

const input = {
    environment: "local",
    cluster: { kind: "embedded", gpuPools: [{ name: "simulated", gpusPerNode: 4 }] },
};

function build(change: object = {}): Promise<Registered[]> {
    const spec = resolve({ ...input, ...change }, references());
    return record(() =>
        buildPlatform({
            spec,
            cluster: clusterOf(spec, "test", "1.36"),
            kubeconfig: "kubeconfig",
            context: "test",
            images: { references: references() },
        }),
    );
}

describe("the platform", () => {
    let resources: Registered[];
    beforeAll(async () => {
        resources = await build();
    });

    it("registers the whole training layer", () => {
        const kinds = new Set(resources.map(({ type }) => type));
        for (const kind of [
            "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
            "kubernetes:apps/v1:Deployment",
            "kubernetes:apps/v1:DaemonSet",
            "kubernetes:trainer.kubeflow.org/v1alpha1:ClusterTrainingRuntime",
            "kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration",
            "tls:index/locallySignedCert:LocallySignedCert",
            "random:index/randomId:RandomId",
        ]) {
            expect(kinds).toContain(kind);
        }
    });

    it("gives every custom resource an explicit provider", () => {
        const without = resources.filter(
            ({ type, provider, custom }) => custom && !type.startsWith("pulumi:") && provider === "",
        );
        expect(without.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
    });

    it("names every namespaced object's namespace", () => {
        const clusterWide =
            /Namespace$|CustomResourceDefinition$|ClusterRole(Binding)?$|WebhookConfiguration$|ValidatingAdmissionPolicy(Binding)?$|ClusterTrainingRuntime$/;
        for (const { type, name, inputs } of resources) {
            if (!type.startsWith("kubernetes:") || clusterWide.test(type)) continue;
            expect([name, (inputs.metadata as { namespace?: string }).namespace]).toEqual([name, expect.any(String)]);
        }
    });

    it("hardens every container: no escalation, no capabilities, read-only root, limits, pinned image", () => {
        const containers = resources.flatMap(podsOf).flatMap(({ containers }) => containers);
        expect(containers.length).toBeGreaterThanOrEqual(5);
        for (const {
            image,
            imagePullPolicy,
            securityContext,
            resources: { requests, limits },
        } of containers) {
            expect(securityContext).toMatchObject({
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
            });
            expect(requests).toMatchObject({ cpu: ANY_STRING, memory: ANY_STRING });
            expect(limits).toMatchObject({ memory: ANY_STRING });
            expect(Object.values(references())).toContain(image);
            expect(imagePullPolicy).toBe("IfNotPresent");
        }
    });

    it("leaves simulated GPUs out where the stack asks for none", async () => {
        const bare = await build({ cluster: { kind: "embedded" } });
        expect(bare.filter(({ type }) => type === "kubernetes:apps/v1:DaemonSet")).toEqual([]);
    });
});

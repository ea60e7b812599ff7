import { JsonObject, UNKNOWN } from "../../../../../toolchain/providers/base/json";
import { formatPath } from "../../../../../toolchain/providers/base/paths";
import { diffObjects } from "../../../../../toolchain/providers/kubernetes/diff";

const settings = { enableConfigMapMutable: false, enableSecretMutable: false };

const object = (apiVersion: string, kind: string, more: JsonObject = {}): JsonObject => ({
    apiVersion,
    kind,
    metadata: { name: "x", namespace: "ns" },
    ...more,
});

function diff(oldInputs: JsonObject, news: JsonObject, { live = oldInputs, mutable = false } = {}) {
    const chosen = mutable ? { enableConfigMapMutable: true, enableSecretMutable: true } : settings;
    const { differences, replaces = [], deleteBeforeReplace } = diffObjects({ oldInputs, news, live }, chosen);
    const paths = (list: typeof differences) => list.map(({ path }) => formatPath(path));
    return { changed: paths(differences), replaces: paths(replaces), deleteBeforeReplace };
}

const deployment = (spec: JsonObject) => object("apps/v1", "Deployment", { spec });

describe("diffObjects", () => {
    it.each([
        [
            "a Deployment's selector",
            deployment({ selector: { matchLabels: { a: "1" } } }),
            deployment({ selector: { matchLabels: { a: "2" } } }),
            "spec.selector.matchLabels.a",
        ],
        [
            "a Job's template",
            object("batch/v1", "Job", { spec: { template: { x: 1 } } }),
            object("batch/v1", "Job", { spec: { template: { x: 2 } } }),
            "spec.template.x",
        ],
        [
            "a StatefulSet's claims",
            object("apps/v1", "StatefulSet", { spec: { volumeClaimTemplates: [] } }),
            object("apps/v1", "StatefulSet", { spec: { volumeClaimTemplates: [{ a: 1 }] } }),
            "spec.volumeClaimTemplates[0]",
        ],
        [
            "a RoleBinding's role",
            object("rbac.authorization.k8s.io/v1", "RoleBinding", { roleRef: { name: "a" } }),
            object("rbac.authorization.k8s.io/v1", "RoleBinding", { roleRef: { name: "b" } }),
            "roleRef.name",
        ],
        [
            "a ConfigMap's data",
            object("v1", "ConfigMap", { data: { a: "1" } }),
            object("v1", "ConfigMap", { data: { a: "2" } }),
            "data.a",
        ],
        [
            "a name",
            object("v1", "Service"),
            object("v1", "Service", { metadata: { name: "y", namespace: "ns" } }),
            "metadata.name",
        ],
    ])("replaces the object when %s changes", (_what, before, after, path) => {
        expect(diff(before, after).replaces).toEqual([path]);
    });

    it.each([
        ["a Deployment's replicas", deployment({ replicas: 1 }), deployment({ replicas: 2 })],
        [
            "a claim's size",
            object("v1", "PersistentVolumeClaim", { spec: { resources: { requests: { storage: "1Gi" } } } }),
            object("v1", "PersistentVolumeClaim", { spec: { resources: { requests: { storage: "2Gi" } } } }),
        ],
        [
            "a label",
            object("v1", "ConfigMap"),
            object("v1", "ConfigMap", { metadata: { name: "x", namespace: "ns", labels: { a: "1" } } }),
        ],
    ])("updates the object when %s changes", (_what, before, after) => {
        expect(diff(before, after)).toMatchObject({ changed: [expect.any(String)], replaces: [] });
    });

    it("updates data in place where the provider says so, unless the object is sealed", () => {
        const before = object("v1", "ConfigMap", { data: { a: "1" } });
        const after = object("v1", "ConfigMap", { data: { a: "2" } });

        expect(diff(before, after, { mutable: true }).replaces).toEqual([]);
        expect(diff({ ...before, immutable: true }, { ...after, immutable: true }, { mutable: true }).replaces).toEqual(
            ["data.a"],
        );
    });

    it("does not replace a Deployment because all of its spec is unknown", () => {
        const before = deployment({ selector: { matchLabels: { a: "1" } } });

        expect(diff(before, { ...before, spec: UNKNOWN })).toMatchObject({ changed: ["spec"], replaces: [] });
    });

    it("replaces a ConfigMap whose data is unknown, as any other data is a new object", () => {
        const before = object("v1", "ConfigMap", { data: { a: "1" } });

        expect(diff(before, { ...before, data: UNKNOWN }).replaces).toEqual(["data"]);
    });

    it("sees no change in another way to write a quantity", () => {
        const limits = (cpu: string, memory: string) =>
            deployment({ template: { resources: { limits: { cpu, memory } } } });

        expect(diff(limits("1", "1Gi"), limits("1000m", "1024Mi")).changed).toEqual([]);
        expect(diff(limits("1", "1Gi"), limits("1000m", "1025Mi")).changed).toHaveLength(1);
    });

    it("takes a new version of the same group for the same kind", () => {
        expect(diff(object("apps/v1beta1", "Deployment"), object("apps/v1", "Deployment")).changed).toEqual([]);
    });

    it("does not take a namespace that was implied and is now written down for another one", () => {
        const before = object("v1", "Pod", { metadata: { name: "x" } });
        const live = object("v1", "Pod");

        expect(diff(before, object("v1", "Pod"), { live }).replaces).toEqual([]);
    });

    it("deletes first when the new object has the old one's name, and only then", () => {
        const before = object("v1", "ConfigMap", { data: { a: "1" } });
        const annotations = { "pulumi.com/autonamed": "true" };
        const autonamed = { name: "x-1", namespace: "ns", annotations };

        expect(diff(before, { ...before, data: { a: "2" } }).deleteBeforeReplace).toBe(true);
        expect(diff({ ...before, metadata: autonamed }, { ...before, metadata: autonamed }).deleteBeforeReplace).toBe(
            false,
        );
    });

    describe("of an imported object", () => {
        const imported = deployment({});
        delete imported.spec;
        const live = deployment({
            replicas: 1,
            selector: { matchLabels: { a: "1" } },
            strategy: { type: "RollingUpdate" },
        });

        it("sees no change in what the object has already", () => {
            const news = deployment({ selector: { matchLabels: { a: "1" } } });

            expect(diff(imported, news, { live }).changed).toEqual([]);
        });

        it("updates what differs and does not replace the object for it", () => {
            const news = deployment({ replicas: 3, selector: { matchLabels: { a: "1" } } });

            expect(diff(imported, news, { live })).toMatchObject({ changed: ["spec.replicas"], replaces: [] });
        });
    });
});

import { cluster, EKS_GOOD } from "./fixtures/eks";
import { IAM_GOOD } from "./fixtures/iam";
import { NODES_GOOD } from "./fixtures/nodes";
import { BUCKET_STACK } from "./fixtures/storage";
import { judged, judgedTogether } from "./harness";
import { changed, container, fixture, linked, pod, trainJob, UNKNOWN, waived } from "./resources";

const ofType = (name: string) => [...EKS_GOOD, ...NODES_GOOD, ...IAM_GOOD].find(({ type }) => type.endsWith(name))!;
const template = ofType(":LaunchTemplate");
const policy = ofType(":Policy");
const addon = ofType(":Addon");

const MAIN = "spec.containers[0]";

describe("an unknown value in a preview", () => {
    it.each([
        ["a name", "metadata.name", []],
        ["an innocent variable", `${MAIN}.env[0].value`, []],
        ["a service account", "spec.serviceAccountName", []],
        ["an image", `${MAIN}.image`, ["pod-image-digest", "pod-image-tag"]],
        ["a memory limit", `${MAIN}.resources.limits.memory`, ["pod-resources"]],
        ["hostNetwork", "spec.hostNetwork", ["pod-no-host-namespaces"]],
        ["volumes", "spec.volumes", ["pod-no-host-path"]],
    ])("as %s holds back only the rules that judge it", async (_, path, rules) => {
        const { violations, undecided } = await judged(changed(pod(), path, UNKNOWN));
        expect(violations).toEqual({});
        expect([...undecided].sort()).toEqual(rules);
    });

    it("does not hide what is wrong beside it", async () => {
        const neighbour = { ...container("other"), image: UNKNOWN };
        const subject = changed(
            changed(pod(), "spec.containers", [neighbour, { ...container(), image: "app:latest" }]),
            "spec.initContainers",
            UNKNOWN,
        );
        const { violations, undecided } = await judged(subject);
        expect(violations["pod-image-tag"]?.[0]).toContain('spec.containers[1].image: "app:latest"');
        expect(undecided).toContain("pod-image-tag");
    });

    it("as a whole specification holds back the pod rules and nothing else", async () => {
        const { violations, undecided } = await judged(changed(pod(), "spec", UNKNOWN));
        expect(violations).toEqual({});
        // One rule more looks into pods: at the variables that bring them keys.
        expect(undecided.filter((rule) => !rule.startsWith("pod-"))).toEqual(["no-static-object-keys"]);
        expect(undecided).toContain("pod-not-privileged");
    });

    it("as a list of jobs in a runtime is undecided, not accepted", async () => {
        const runtime = fixture("kubernetes:trainer.kubeflow.org/v1alpha1:TrainingRuntime", {
            spec: { template: { spec: { replicatedJobs: UNKNOWN } } },
        });
        expect((await judged(runtime)).undecided).toContain("pod-not-privileged");
    });

    it("under a secret's name is a literal all the same", async () => {
        const subject = changed(pod(), `${MAIN}.env[0]`, { name: "DB_PASSWORD", value: UNKNOWN });
        const { violations, undecided } = await judged(subject);
        expect(violations["pod-no-literal-secrets"]).toHaveLength(1);
        expect(undecided).toEqual([]);
    });

    it("as a GPU count is undecided", async () => {
        const subject = changed(trainJob(), 'spec.trainer.resourcesPerNode.limits["nvidia.com/gpu"]', UNKNOWN);
        expect((await judged(subject)).undecided).toEqual(["pod-gpu-limit"]);
    });

    it("as a waiver waives nothing", async () => {
        const subject = waived(changed(pod(), "spec.hostNetwork", true), UNKNOWN);
        expect((await judged(subject)).violations["pod-no-host-namespaces"]).toHaveLength(1);
    });

    it("as a role's verb, a webhook's selector or a label is undecided for that rule", async () => {
        const role = fixture("kubernetes:rbac.authorization.k8s.io/v1:Role", { rules: [{ verbs: ["get", UNKNOWN] }] });
        expect((await judged(role)).undecided).toEqual(["rbac-no-wildcards", "rbac-no-escalation"]);
        const namespace = fixture("kubernetes:core/v1:Namespace", { metadata: { labels: UNKNOWN } });
        expect((await judged(namespace)).undecided).toEqual(["namespace-pod-security"]);
    });

    it.each([
        [cluster, "vpcConfig.endpointPublicAccess", ["eks-endpoint-not-public"]],
        [cluster, "vpcConfig", ["eks-endpoint-not-public", "eks-private-endpoint"]],
        [cluster, "encryptionConfig.provider.keyArn", ["eks-secrets-encrypted"]],
        [cluster, "version", ["eks-supported-version", "eks-version-ends-soon"]],
        [cluster, "vpcConfig.subnetIds", []],
        [policy, "policy", ["iam-no-star-star", "iam-pass-role-bounded"]],
        [template, "blockDeviceMappings", ["node-encrypted-disks"]],
        [template, "blockDeviceMappings[0].ebs.encrypted", ["node-encrypted-disks"]],
        [template, "userData", []],
        [addon, "addonName", ["eks-network-policy"]],
    ])("of AWS (%#: %j) is undecided for the rules that judge it", async (subject, path, rules) => {
        const { violations, undecided } = await judged(changed(subject, path, UNKNOWN));
        expect(violations).toEqual({});
        expect(undecided).toEqual(rules);
    });

    it("does not make a neighbour of what may be another's", async () => {
        const bucket = linked(fixture("aws:s3/bucket:Bucket", { bucket: UNKNOWN, id: UNKNOWN }), "models");
        const block = linked(BUCKET_STACK[1]!, "block");
        const { violations, undecided } = await judgedTogether([bucket, block]);
        expect(violations["bucket-public-access-block"]).toBeUndefined();
        expect(undecided).toContain("bucket-public-access-block");
        // No neighbour at all is known to be none.
        expect(Object.keys((await judgedTogether([bucket])).violations)).toContain("bucket-public-access-block");
    });

    it("does not hide a neighbour that the program named by its output", async () => {
        const bucket = linked(fixture("aws:s3/bucket:Bucket", { bucket: UNKNOWN, id: UNKNOWN }), "models");
        const blockOf = (refs: Record<string, string>) =>
            linked(changed(BUCKET_STACK[1]!, "bucket", UNKNOWN), "block", refs);
        const { violations, undecided } = await judgedTogether([bucket, blockOf({ bucket: "models" })]);
        expect(violations["bucket-public-access-block"]).toBeUndefined();
        expect(undecided).not.toContain("bucket-public-access-block");
    });
});

import { resolve } from "../../../infra/resolve";
import { references } from "../../../images/catalogue";
import { stacksOf } from "../../../cli/layers";
import { installationOf } from "../../../cli/status";
import { Summary, summaryOf, versionOf } from "../../../cli/summary";

const platform = { environment: "local", cluster: { kind: "embedded", gpuPools: [{ name: "a", gpusPerNode: 4 }] } };

function summary(change: Partial<Summary> = {}): string {
    const made: Summary["made"] = {
        pulumiHome: "",
        pulumiBin: "",
        binaries: {} as Summary["made"]["binaries"],
        images: [],
        plugins: { "language-host": "official", "provider-tls": "stand-in", "provider-aws": "simulator" },
    };
    const outputs = {
        installation: "c0ffee",
        cluster: { name: "c", kubernetesVersion: "v1.36.3" },
        trainingRuntimes: { torch: "torch-distributed" },
    };
    const spec = resolve(platform, references());
    return summaryOf({ seconds: 61.4, spec, made, info: undefined, outputs, ...change }).join("\n");
}

describe("summaryOf", () => {
    it("tells what runs where, and what is a stand-in", () => {
        const text = summary();
        expect(text).toMatch(/The platform is up \(61 s\)/);
        expect(text).toMatch(/environment +local \(installation c0ffee\)/);
        expect(text).toMatch(/cluster +c, Kubernetes v1\.36\.3/);
        expect(text).toMatch(/GPUs +a: 1 × 4 \(simulated/);
        expect(text).toMatch(/stand-ins +provider-tls, provider-aws \(a simulator\), GPUs/);
        expect(text).not.toMatch(/KUBECONFIG/);
    });

    it("calls the enforcement of network policies a stand-in where it is on", () => {
        const cluster = { ...platform.cluster, networkPolicies: true };
        expect(summary({ spec: resolve({ ...platform, cluster }, references()) })).toMatch(
            /stand-ins .*network policies/,
        );
    });

    it("tells the versions of the images that were deployed", () => {
        const images = { jobset: "mirror:5000/jobset:v9.9.1" };
        expect(summary({ spec: resolve({ ...platform, images }, references()) })).toMatch(
            /training +JobSet 9\.9\.1, Kubeflow Trainer \d+\.\d+\.\d+; runtimes torch-distributed/,
        );
    });
});

describe("summaryOf a cluster on AWS", () => {
    it("tells what the next commands want: the registry, and how to reach it", () => {
        const [{ spec } = { spec: undefined }] = stacksOf("prod", { layer: "cluster", locked: false });
        const text = summary({ spec: spec!, outputs: { registry: "r/mlp-prod", cluster: { name: "mlp-prod" } } });
        expect(text).toMatch(/The cluster is up/);
        expect(text).toMatch(/registry +r\/mlp-prod/);
        expect(text).toMatch(/aws eks update-kubeconfig --name mlp-prod --region eu-west-1/);
        expect(text).not.toMatch(/training|undefined|npm run down/);
        expect(text).toMatch(/GPUs +train: 2 × 8, serve: 6 × 1, tune: 16 × 1/);
    });
});

describe("versionOf", () => {
    const digest = `sha256:${"0123456789ab".repeat(5)}0000`;
    it.each([
        ["ghcr.io/a/b:v1.2.3", "1.2.3"],
        [`ghcr.io/a/b:1.2.3@${digest}`, "1.2.3"],
        [`host:5000/b@${digest}`, "sha256:0123456789ab"],
    ])("of %s is %s", (reference, version) => {
        expect(versionOf(reference)).toBe(version);
    });
});

describe("installationOf", () => {
    it("names the stack that manages the platform", () => {
        const data = { environment: "local", id: "c0ffee", project: "mlp", stack: "local" };
        expect(installationOf({ data })).toBe("environment local, installation c0ffee, managed by stack mlp/local");
    });

    it("says what to do where there is no platform", () => {
        expect(installationOf(undefined)).toMatch(/npm run up/);
    });
});

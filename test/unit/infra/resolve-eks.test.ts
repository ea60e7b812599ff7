import * as fc from "fast-check";

import { references } from "../../../images/catalogue";
import { InvalidConfiguration, resolve, Surroundings } from "../../../infra/resolve";
import { exampleLock } from "../stacks/lock";

const cluster = {
    kind: "eks",
    account: "111122223333",
    region: "eu-west-1",
    version: "1.36",
    admins: ["arn:aws:iam::111122223333:role/platform-admin"],
    network: { zones: ["eu-west-1a", "eu-west-1b"] },
};
const tags = { owner: "ml", costCenter: "1" };
const dev = { environment: "dev", cluster, tags };
const below = { environment: "prod", layer: "cluster", cluster, tags };
const around: Surroundings = { lock: exampleLock(), today: "2026-11-24" };

function problemsOf(input: unknown, surroundings: Surroundings = around): string {
    try {
        resolve(input, references(), surroundings);
    } catch (error) {
        if (error instanceof InvalidConfiguration) return error.message;
        throw error;
    }
    return "";
}

describe("an environment on EKS", () => {
    it("gets its name, tags, NAT gateways and protection from its environment", () => {
        const staging = resolve({ ...dev, environment: "staging" }, references(), around);
        expect(resolve(dev, references(), around)).toMatchObject({
            protect: false,
            tags: { environment: "dev", platform: "mlp-dev", owner: "ml", costCenter: "1" },
            cluster: { args: { clusterName: "mlp-dev", protect: false, network: { natGateways: "single" } } },
        });
        expect(staging).toMatchObject({
            protect: true,
            cluster: { args: { clusterName: "mlp-staging", protect: true, network: { natGateways: "per-zone" } } },
        });
    });

    it("takes what the stack file says instead", () => {
        const spec = resolve(
            { ...dev, cluster: { ...cluster, clusterName: "a", protect: true } },
            references(),
            around,
        );
        expect(spec).toMatchObject({ protect: true, cluster: { eks: { clusterName: "a", protect: true } } });
    });

    it("pulls its images by digest, from the lock", () => {
        const { images } = resolve(dev, references(), around);
        expect(images.trainer).toMatch(/^111122223333\.dkr\.ecr.*@sha256:[0-9a-f]{64}$/);
        const replaced = { ...dev, images: { trainer: "a/b:1" } };
        expect(resolve(replaced, references(), around).images.trainer).toBe("a/b:1");
    });

    it.each<[string, unknown, RegExp, Surroundings?]>([
        ["no tags", { environment: "dev", cluster }, /mlp:platform\.tags: undefined .*owner and costCenter/],
        ["in local", { ...dev, environment: "local" }, /cluster\.kind: "eks" .*embedded or existing in local/],
        [
            "an account that is no text",
            { ...dev, cluster: { ...cluster, account: 111122223333 } },
            /cluster\.account: 1111/,
        ],
        ["a version out of support", { ...dev, cluster: { ...cluster, version: "1.30" } }, /cluster\.version: "1\.30"/],
        ["no network", { ...dev, cluster: { ...cluster, network: undefined } }, /mlp:platform\.cluster\.network/],
        [
            "a pool that AWS would refuse, and no tags, at once",
            {
                environment: "dev",
                cluster: { ...cluster, gpuPools: [{ name: "a", instanceTypes: ["p9.large"], max: 1 }] },
            },
            /mlp:platform\.tags[^]*mlp:platform\.cluster\.gpuPools\[0\]\.instanceTypes/,
        ],
        [
            "images that stand in no registry",
            dev,
            /images\.trainer: .*`mlp images mirror trainer --to REGISTRY`/,
            { lock: { images: {} } },
        ],
        ["no cluster", { environment: "dev" }, /mlp:platform\.cluster: undefined .*embedded, existing or eks/],
        [
            "a cluster's stack of another kind",
            { environment: "dev", layer: "cluster", cluster: { kind: "existing" } },
            /mlp:platform\.layer: "cluster" .*all with a cluster of kind existing/,
        ],
        [
            "a platform without a cluster's stack",
            { environment: "prod", layer: "platform" },
            /mlp:platform\.layer: "platform" .*no stack prod-cluster.*Pulumi\.prod-cluster\.yaml/,
        ],
        [
            "what belongs to the cluster's stack",
            { environment: "prod", layer: "platform", tags, dns: { domain: "a.org", hostedZoneId: "Z1" } },
            /mlp:platform\.tags: .*Move it to the stack file of prod-cluster[^]*mlp:platform\.dns/,
            { ...around, clusterStack: below },
        ],
        [
            "a mistake in the cluster's stack file, by that file's name",
            { environment: "prod", layer: "platform" },
            /^prod-cluster: mlp:platform\.cluster\.version: "1\.1"/m,
            { ...around, clusterStack: { ...below, cluster: { ...cluster, version: "1.1" } } },
        ],
        [
            "a cluster's stack of another environment and layer",
            { environment: "prod", layer: "platform" },
            /prod-cluster: mlp:platform\.environment: "dev" [^]*prod-cluster: mlp:platform\.layer: "all"/,
            { ...around, clusterStack: dev },
        ],
        [
            "DRA, which is not built",
            {
                ...dev,
                gpuStack: "dra",
                cluster: { ...cluster, gpuPools: [{ name: "a", instanceTypes: ["g6.xlarge"], max: 1 }] },
            },
            /mlp:platform\.gpuStack: "dra"/,
        ],
    ])("refuses %s", (...[, input, message, surroundings]) => {
        expect(problemsOf(input, surroundings)).toMatch(message);
    });

    it("either resolves or names problems by their path, whatever the stack file says", () => {
        const pool = fc.record(
            {
                name: fc.constantFrom("a", "b"),
                instanceTypes: fc.subarray(["g6.xlarge", "p5.48xlarge", "x"], { minLength: 1 }),
                capacity: fc.constantFrom("on-demand", "spot", "reserved", "capacity-block"),
                max: fc.integer({ min: -1, max: 9 }),
                efa: fc.boolean(),
            },
            { requiredKeys: ["name", "instanceTypes", "max"] },
        );
        const input = fc.record({
            environment: fc.constantFrom("local", "dev", "staging", "prod"),
            layer: fc.constantFrom("all", "cluster", "platform"),
            tags: fc.constantFrom(tags, {}),
            cluster: fc.record({
                ...Object.fromEntries(Object.entries(cluster).map(([key, value]) => [key, fc.constant(value)])),
                gpuPools: fc.array(pool, { maxLength: 2 }),
            }),
        });
        fc.assert(
            fc.property(input, (value) => {
                for (const line of problemsOf(value).split("\n")) expect(line).toMatch(/^(mlp:platform\.|$)/);
            }),
            { numRuns: 60 },
        );
    });
});

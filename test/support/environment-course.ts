import { Edit, Platform } from "./checkout";
import { Result } from "./local-platform";
import { SimulatedAccount } from "./simulated-account";

interface Node {
    readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
    readonly spec: { readonly taints?: readonly { readonly key: string; readonly effect: string }[] };
    readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}
interface Pod {
    readonly metadata: { readonly name: string };
    readonly status: { readonly phase: string };
}
interface Pool {
    readonly name: string;
    readonly nodeLabels: Record<string, string>;
}
interface List<T> {
    readonly items: readonly T[];
}

const MINUTES = 60_000;
/** Of servers, and of Jobs that have done their work. */
const SOUND = ["Running", "Succeeded"];
const UP = ["up", "--yes", "--skip-preview", "--expect-no-changes", "--policy-pack", "policies"];
const REFRESH = ["refresh", "--yes", "--skip-preview", "--expect-no-changes"];

const withCluster =
    (change: Edit): Edit =>
    (platform) => ({ ...platform, cluster: change(platform.cluster as Platform) });
const EXTRA = { name: "extra", instanceTypes: ["g6.2xlarge"], scaling: "fixed", min: 2, max: 2 };
const extra = (cluster: Platform) => [...(cluster.gpuPools as object[]), EXTRA];
const older = withCluster((cluster) => ({ ...cluster, version: "1.35" }));
const larger = withCluster((cluster) => ({ ...cluster, version: "1.35", gpuPools: extra(cluster) }));
const newer = withCluster((cluster) => ({ ...cluster, gpuPools: extra(cluster) }));

function succeeded({ code, output }: Result): string {
    if (code !== 0) throw new Error(`exit code ${code}: ${output.slice(-6000)}`);
    return output;
}

/** An environment of two stacks, and what its stack files say. */
export interface Course {
    readonly env: string;
    readonly zone: string;
    readonly domain: string;
    readonly zones: number;
    /** Every step, not only up and destroy. */
    readonly long: boolean;
}

/**
 * The life of an environment by the commands of users. AWS is simulated and its nodes are kwok's: what runs on them is
 * not proven, see docs/toolchain.md.
 */
export function describeEnvironment({ env, zone, domain, zones, long }: Course): void {
    describe(`the stacks of ${env} in a simulated account, by the commands of users`, () => {
        jest.setTimeout(10 * MINUTES);
        const stacks = [`${env}-cluster`, env] as const;
        let account: SimulatedAccount;
        let previewed: string;
        beforeAll(async () => {
            account = await SimulatedAccount.open();
            account.hostedZone(zone, domain);
            account.stack(stacks[0], older);
        });
        afterAll(() => account?.close());

        const mlp = async (...args: string[]) => {
            return succeeded(await account.mlp(...args, "--env", env));
        };
        const pulumi = async (stack: string, ...args: string[]) => succeeded(await account.pulumi(stack, ...args));
        /** Changes nothing, so both may run at once. */
        const onBoth = <T>(what: (stack: string) => Promise<T>) => Promise.all(stacks.map(what));
        const changes = async () =>
            (await onBoth((stack) => account.changes(stack))).flat().filter(({ op }) => op !== "read");
        const states = () => stacks.flatMap((stack) => account.state(stack));
        const nodes = () => account.cluster.kubectl.get<List<Node>>("nodes").items;
        const pods = () => account.cluster.kubectl.get<List<Pod>>("pods", "--all-namespaces").items;
        const zonesOf = (of: readonly Node[]) =>
            new Set(of.map(({ metadata }) => metadata.labels["topology.kubernetes.io/zone"]));

        if (long) {
            it("are previewed on an empty account under the policies, and nothing is made", async () => {
                previewed = await mlp("up", "--preview");
                expect(previewed.match(/^\s+\S+ mlp@v[\d.]+ \(local: policies\)$/gm)).toHaveLength(stacks.length);
                expect(account.resources()).toEqual([]);
                expect(nodes()).toEqual([]);
            });
        }

        it("come up one after the other: nodes are Ready, in their zones, and everything runs on them", async () => {
            const output = await mlp("up");
            expect(output).toContain("The platform is up");
            expect(output).not.toContain("[mandatory]");
            expect(zonesOf(nodes()).size).toBe(zones);
            for (const { status } of nodes()) {
                expect(status.conditions).toContainEqual(expect.objectContaining({ type: "Ready", status: "True" }));
            }
            expect(pods().length).toBeGreaterThan(0);
            expect(pods().filter(({ status }) => !SOUND.includes(status.phase))).toEqual([]);
        });

        it("have nothing to do on a second up", async () => {
            await onBoth((stack) => pulumi(stack, ...UP));
        });

        if (long) {
            it("had every Kubernetes object in the preview, while nobody knew the kubeconfig", () => {
                const objects = states().filter(({ type }) => type.startsWith("kubernetes:"));
                expect(objects.length).toBeGreaterThan(50);
                const names = objects.map(({ urn }) => urn.split("::").at(-1) ?? "");
                expect(names.filter((name) => !previewed.includes(` ${name} create`))).toEqual([]);
            });

            it("have nothing to refresh", async () => {
                await onBoth((stack) => pulumi(stack, ...REFRESH));
            });

            it("refuse a pod beyond its namespace's quota", () => {
                const { kubectl } = account.cluster;
                const namespace = "bounded";
                const pod = (name: string, gpus: number) => ({
                    apiVersion: "v1",
                    kind: "Pod",
                    metadata: { name, namespace },
                    spec: {
                        containers: [
                            { name: "train", image: "none", resources: { limits: { "nvidia.com/gpu": gpus } } },
                        ],
                    },
                });
                kubectl.apply(
                    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
                    {
                        apiVersion: "v1",
                        kind: "ResourceQuota",
                        metadata: { name: "gpus", namespace },
                        spec: { hard: { "requests.nvidia.com/gpu": 8 } },
                    },
                );
                kubectl.apply(pod("within", 8));
                expect(() => kubectl.apply(pod("beyond", 1))).toThrow(/exceeded quota: gpus.*requested.*used.*limited/);
                kubectl.run(["delete", "namespace", namespace]);
            });

            it("get another GPU pool: only that pool's resources change, and its nodes carry its labels and taints", async () => {
                account.stack(stacks[0], larger);
                const found = await changes();
                expect(found.map(({ type }) => type)).toContain("aws:eks/nodeGroup:NodeGroup");
                expect(found.filter(({ urn }) => !/extra/.test(urn.split("::").at(-1) ?? ""))).toEqual([]);
                const before = new Set(nodes().map(({ metadata }) => metadata.name));
                await mlp("up");
                const added = nodes().filter(({ metadata }) => !before.has(metadata.name));
                expect(added).toHaveLength(EXTRA.min);
                const { cluster } = await account.outputs<{ cluster: { gpuPools: Pool[] } }>(stacks[0]);
                const labels = cluster.gpuPools.find(({ name }) => name === EXTRA.name)?.nodeLabels;
                for (const { metadata, spec } of added) {
                    expect(metadata.labels).toMatchObject({
                        ...labels,
                        "node.kubernetes.io/instance-type": "g6.2xlarge",
                    });
                    expect(spec.taints).toContainEqual(
                        expect.objectContaining({ key: "nvidia.com/gpu", effect: "NoSchedule" }),
                    );
                }
            });

            it("go up one minor version in place", async () => {
                account.stack(stacks[0], newer);
                const found = await changes();
                expect(found).toContainEqual(
                    expect.objectContaining({ type: "aws:eks/cluster:Cluster", op: "update" }),
                );
                expect(found.filter(({ op }) => /replace|delete/.test(op))).toEqual([]);
                await mlp("up");
            });
        }

        it("are not destroyed by `pulumi destroy`, which names what is protected", async () => {
            const before = account.resources().length;
            for (const stack of stacks) {
                const { code, output } = await account.pulumi(stack, "destroy", "--yes");
                expect(code).not.toBe(0);
                expect(output).toMatch(/is protected|cannot be deleted/);
            }
            expect(account.resources()).toHaveLength(before);
            expect(pods().filter(({ status }) => !SOUND.includes(status.phase))).toEqual([]);
        });

        it("are not destroyed by `mlp destroy` without the release, and nothing changes before", async () => {
            const before = account.resources().length;
            const output = await mlp("destroy");
            expect(output).toMatch(/protected, by AWS as well:\n\s+Cluster /);
            expect(output).toContain(`Nothing was changed. To destroy ${env}`);
            const refused = await account.mlp("destroy", "--env", env, "--confirm", env);
            expect(refused.code).toBe(1);
            expect(refused.output).toContain(`${env} is protected: `);
            expect(account.resources()).toHaveLength(before);
        });

        it("are destroyed in two steps, and nothing is left", async () => {
            const before = account.resources().length;
            expect(await mlp("destroy", "--release", env)).toContain("Released.");
            expect(account.resources()).toHaveLength(before);
            expect(await mlp("destroy", "--confirm", env)).toContain(`${env} is destroyed.`);
            expect(account.resources()).toEqual([]);
            expect(nodes()).toEqual([]);
            expect(states().filter(({ type }) => !type.startsWith("pulumi:"))).toEqual([]);
            expect(account.objects()).toEqual([]);
        });
    });
}

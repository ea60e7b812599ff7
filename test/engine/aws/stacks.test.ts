import { deletionsIn, SimulatedAccount } from "../../support/simulated-account";

interface Node {
    readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
    readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}
interface Pod {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly nodeName?: string };
    readonly status: { readonly phase: string };
}
interface List<T> {
    readonly items: readonly T[];
}

/** Of servers, and of Jobs that have done their work. */
const SOUND = ["Running", "Succeeded"];
const UP = ["up", "--yes", "--skip-preview"];
const NO_CHANGES = "--expect-no-changes";

// AWS is simulated and its nodes are kwok's: what runs on them is not proven, see docs/toolchain.md.
describe("the stack dev in a simulated account, on a real control plane", () => {
    jest.setTimeout(400_000);
    let account: SimulatedAccount;
    beforeAll(async () => {
        account = await SimulatedAccount.open();
        account.stack("dev");
    });
    afterAll(() => account?.close());

    const succeeds = async (...args: string[]) => {
        const { code, output } = await account.pulumi("dev", ...args);
        expect([code, output]).toEqual([0, expect.any(String)]);
        return output;
    };
    const nodes = () => account.cluster.kubectl.get<List<Node>>("nodes").items;
    const pods = () => account.cluster.kubectl.get<List<Pod>>("pods", "--all-namespaces").items;

    it("previews every Kubernetes object while nobody knows the kubeconfig", async () => {
        const changes = await account.changes("dev");
        const types = new Set(changes.map(({ type }) => type));
        expect([...types]).toEqual(
            expect.arrayContaining([
                "aws:eks/cluster:Cluster",
                "aws:eks/nodeGroup:NodeGroup",
                "kubernetes:apps/v1:Deployment",
                "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
                "kubernetes:karpenter.sh/v1:NodePool",
            ]),
        );
        expect(changes.every(({ op }) => op === "create" || op === "read")).toBe(true);
    });

    it("comes up: nodes of the system pool are Ready and everything runs on them", async () => {
        await succeeds(...UP);
        expect(nodes().length).toBeGreaterThanOrEqual(2);
        for (const { status } of nodes()) {
            expect(status.conditions).toContainEqual(expect.objectContaining({ type: "Ready", status: "True" }));
        }
        expect(new Set(nodes().map(({ metadata }) => metadata.labels["topology.kubernetes.io/zone"])).size).toBe(2);
        expect(pods().length).toBeGreaterThan(0);
        expect(pods().filter(({ status }) => !SOUND.includes(status.phase))).toEqual([]);
    });

    it("has nothing to do on a second up, and nothing to refresh", async () => {
        await succeeds(...UP, NO_CHANGES);
        await succeeds("refresh", "--yes", "--skip-preview", NO_CHANGES);
    });

    it("is destroyed: workloads before nodes, nodes before the network, and nothing is left", async () => {
        const events = await deletionsIn((file) => succeeds("destroy", "--yes", "--skip-preview", "--event-log", file));
        const gone = (pattern: RegExp) => events.flatMap(({ type }, index) => (pattern.test(type) ? [index] : []));
        const workloads = gone(/^kubernetes:(apps|core)/);
        const groups = gone(/nodeGroup:NodeGroup$/);
        const network = gone(/^aws:ec2\/(subnet|vpc|natGateway)/);
        expect([workloads, groups, network].map(({ length }) => length > 0)).toEqual([true, true, true]);
        expect(Math.max(...workloads)).toBeLessThan(Math.min(...groups));
        expect(Math.max(...groups)).toBeLessThan(Math.min(...network));
        expect(nodes()).toEqual([]);
        expect(account.resources()).toEqual([]);
    });
});

import { ApiRequest, ClusterApi } from "../../support/cluster-api";
import {
    ACCOUNT,
    ADMINISTRATORS_ALONE,
    AT_HOME_ALONE,
    GET,
    inCore,
    OTHER,
    OWN,
    podWith,
    TOO_MUCH,
} from "../../support/isolation-requests";
import { LocalPlatform } from "../../support/local-platform";
import { NetworkProbe, NodeNetwork, Outcome, PROBE_PORT, Target } from "../../support/network-probe";
import { altered, clusterKey, resigned, strangersKey, unsigned } from "../../support/tokens";

/** A namespace without a policy: what nobody protects, and where nobody is kept in. */
const OPEN = "default";
const METADATA = { host: "169.254.169.254", port: 80 };
const NODE = "10.88.0.1";

describe("a team on the local platform", () => {
    jest.setTimeout(240_000);
    let platform: LocalPlatform;
    let api: ClusterApi;
    let member: string;
    let administrator: string;
    let probes: Readonly<Record<"own" | "peer" | "other" | "open" | "data", NetworkProbe>>;
    let undo: () => void = () => undefined;
    const teams = [OWN, OTHER] as const;

    const tokenOf = (namespace: string, account: string): string =>
        platform.kubectl(["create", "token", account, "--namespace", namespace]).stdout.trim();
    const kubectl = (...args: string[]) => {
        const { code, output } = platform.kubectl(args);
        if (code !== 0) throw new Error(output);
    };

    beforeAll(async () => {
        platform = await LocalPlatform.find();
        api = new ClusterApi(platform.cluster);
        clear();
        kubectl("create", "serviceaccount", "isolation-admin", "-n", OPEN);
        const bound = [`--serviceaccount=${OPEN}:isolation-admin`, "--clusterrole=cluster-admin"];
        kubectl("create", "clusterrolebinding", "isolation-admin", ...bound);
        member = tokenOf(OWN, "member");
        administrator = tokenOf(OPEN, "isolation-admin");
        const [own, peer, other, open, data] = await Promise.all([
            NetworkProbe.start(platform, OWN),
            NetworkProbe.start(platform, OWN, { name: "peer" }),
            NetworkProbe.start(platform, OTHER),
            NetworkProbe.start(platform, OPEN),
            NetworkProbe.start(platform, "mlp-data"),
        ]);
        probes = { own, peer, other, open, data };
        for (const namespace of teams) {
            kubectl("create", "service", "clusterip", "probe", `--tcp=${PROBE_PORT}:${PROBE_PORT}`, "-n", namespace);
            kubectl("set", "selector", "service", "probe", "test.mlp.dev/probe=probe", "-n", namespace);
        }
        undo = await new NodeNetwork(platform).answerAt(METADATA.host, METADATA.port);
    });
    afterAll(() => {
        undo();
        clear();
    });
    const clear = () => {
        for (const namespace of [...teams, OPEN, "mlp-data"]) {
            const all = "pod,service,serviceaccount";
            const what = ["probe", "peer", "isolation-admin", "isolation-short"];
            platform.kubectl(["delete", all, ...what, "-n", namespace, "--ignore-not-found", "--wait=true"]);
        }
        platform.kubectl(["delete", "clusterrolebinding", "isolation-admin", "--ignore-not-found"]);
    };

    const outcome = async (token: string, request: ApiRequest): Promise<string> => {
        const { status, text } = await api.ask(token, request);
        if (status === 401) return "unknown";
        if (status === 403) return "forbidden";
        // 400: let through, and told that a stream wants an upgrade of the connection.
        return status < 300 || status === 400 ? "let through" : `${status}: ${text}`;
    };

    describe("asks the API server and", () => {
        it.each(AT_HOME_ALONE)("may %s, but not next door", async (_, request) => {
            const answers = [await outcome(member, request(OWN)), await outcome(member, request(OTHER))];
            expect(answers).toEqual(["let through", "forbidden"]);
        });

        it.each(ADMINISTRATORS_ALONE)("may not %s", async (_, request) => {
            const answers = [await outcome(administrator, request), await outcome(member, request)];
            expect(answers).toEqual(["let through", "forbidden"]);
        });
    });

    describe("shows a token and", () => {
        const pods = { method: GET, path: inCore(OWN, "pods") };
        const seconds = () => Math.floor(Date.now() / 1000);

        it("is known by one that the cluster signed, as long as it lasts", async () => {
            const key = clusterKey(api.pki);
            const lasting = resigned(member, { exp: seconds() + 60 }, key);
            const expired = resigned(
                member,
                { iat: seconds() - 7200, nbf: seconds() - 7200, exp: seconds() - 60 },
                key,
            );
            expect([await outcome(lasting, pods), await outcome(expired, pods)]).toEqual(["let through", "unknown"]);
        });

        it.each<[string, () => string]>([
            ["for somebody else", () => resigned(member, { aud: ["mlflow"] }, clusterKey(api.pki))],
            ["of another issuer", () => resigned(member, { iss: "https://example.org" }, clusterKey(api.pki))],
            ["signed by a stranger", () => resigned(member, {}, strangersKey())],
            ["that says it needs no signature", () => unsigned(member)],
            ["whose claims were changed", () => altered(member, { sub: ACCOUNT })],
        ])("is not known by one %s", async (_, make) => {
            expect([await outcome(member, pods), await outcome(make(), pods)]).toEqual(["let through", "unknown"]);
        });

        it("is not known once its account is gone", async () => {
            kubectl("create", "serviceaccount", "isolation-short", "-n", OWN);
            const token = tokenOf(OWN, "isolation-short");
            expect(await outcome(token, pods)).toBe("forbidden");
            kubectl("delete", "serviceaccount", "isolation-short", "-n", OWN);
            // The API server believes for some seconds what it has looked up.
            let last = "forbidden";
            for (const end = Date.now() + 60_000; last === "forbidden" && Date.now() < end;) {
                await new Promise((resolve) => setTimeout(resolve, 500));
                last = await outcome(token, pods);
            }
            expect(last).toBe("unknown");
        });
    });

    describe("starts pods and", () => {
        const start = (pod: object) =>
            platform.kubectl(["create", "--filename=-", "--dry-run=server"], JSON.stringify(pod));

        it.each(TOO_MUCH)("is refused one with %s", (_, container, spec) => {
            expect(start(podWith({}, {}))).toMatchObject({ code: 0 });
            const { code, output } = start(podWith(container, spec));
            expect(code).not.toBe(0);
            expect(output).toContain('violates PodSecurity "restricted:latest"');
        });

        it("is refused an account that it does not have", () => {
            const { code, output } = start(podWith({}, { serviceAccountName: "workflow-controller" }));
            expect(code).not.toBe(0);
            expect(output).toContain('serviceaccount "workflow-controller" not found');
        });
    });

    describe("connects and", () => {
        const at = (name: keyof typeof probes): Target => ({ host: probes[name].address, port: PROBE_PORT });
        const addressOf = (kind: string, namespace: string, ...selector: string[]): string => {
            const path = kind === "service" ? "{.spec.clusterIP}" : "{.items[0].status.podIP}";
            const { stdout } = platform.kubectl([
                "get",
                kind,
                "-n",
                namespace,
                ...selector,
                `--output=jsonpath=${path}`,
            ]);
            if (stdout === "") throw new Error(`no ${kind} in ${namespace}`);
            return stdout;
        };
        const service = (namespace: string): Target => ({
            host: addressOf("service", namespace, "probe"),
            port: PROBE_PORT,
        });
        const pod = (namespace: string, app: string, port: number): Target => ({
            host: addressOf("pod", namespace, "-l", `app.kubernetes.io/name=${app}`),
            port,
        });
        const store = (port: number) => pod("mlp-data", "seaweedfs", port);

        /** Who is kept out, and who is not: the same target both times. */
        type Case = readonly [
            string,
            () => Target,
            () => Pick<NetworkProbe, "connect">,
            () => Pick<NetworkProbe, "connect">,
        ];
        const node = () => new NodeNetwork(platform);
        const cases: Case[] = [
            ["another team's pod", () => at("other"), () => probes.own, node],
            ["another team's Service", () => service(OTHER), () => probes.own, node],
            ["the database", () => pod("mlp-data", "postgres", 5432), () => probes.own, () => probes.data],
            ["the object store's inner port", () => store(18333), () => probes.own, node],
            ["a pod that nobody protects", () => at("open"), () => probes.own, () => probes.data],
            ["the metadata address", () => METADATA, () => probes.own, () => probes.open],
            ["the kubelet", () => ({ host: NODE, port: 10250 }), () => probes.own, () => probes.open],
            ["kube-proxy", () => ({ host: NODE, port: 10256 }), () => probes.own, () => probes.open],
            ["the metrics of DNS", () => ({ host: NODE, port: 9153 }), () => probes.own, () => probes.open],
            [
                "the workflow controller",
                () => pod("mlp-pipelines", "workflow-controller", 6060),
                () => probes.own,
                node,
            ],
            [
                "the webhook of the trainer",
                () => pod("kubeflow-system", "kubeflow-trainer", 9443),
                () => probes.own,
                node,
            ],
        ];
        it.each(cases)("does not reach %s", (_, target, kept, free) => {
            expect([free().connect([target()]), kept().connect([target()])]).toEqual([["open"], ["silent"]]);
        });

        it("is not reached by others", () => {
            const own = at("own");
            const outcomes: Outcome[][] = [probes.peer, probes.other, probes.open, probes.data].map((one) =>
                one.connect([own]),
            );
            expect(outcomes).toEqual([["open"], ["silent"], ["silent"], ["silent"]]);
        });

        it("reaches what it needs: its own pods and Services, DNS, the API server and the platform's services", () => {
            const named = (host: string, port: number): Target => ({ host, port });
            const needed = [
                at("peer"),
                service(OWN),
                named("kubernetes.default.svc", 443),
                named("kube-dns.kube-system.svc", 53),
                named("seaweedfs.mlp-data.svc", 8333),
                named("mlflow.mlp-registry.svc", 5000),
                named("argo-server.mlp-pipelines.svc", 2746),
            ];
            expect(probes.own.connect(needed)).toEqual(needed.map(() => "open"));
        });

        it("has the platform's services for itself: who is in no team reaches neither database nor registry", () => {
            const targets = [pod("mlp-data", "postgres", 5432), pod("mlp-registry", "mlflow", 5000)];
            expect([probes.open.connect(targets), node().connect(targets)]).toEqual([
                ["silent", "silent"],
                ["open", "open"],
            ]);
        });

        it("cannot slip through while it is new: its first packet is judged by its policies", async () => {
            const late = await NetworkProbe.start(platform, OWN, { name: "isolation-late" });
            try {
                expect(late.connect([at("other"), at("peer")])).toEqual(["silent", "open"]);
            } finally {
                late.end();
            }
        });
    });
});

import { join } from "node:path";

import { PLATFORM } from "../../../cli/stack-files";
import { repositoryRoot } from "../../../toolchain/paths";
import { Hub, HubUser } from "../../support/hub";
import { LocalPlatform } from "../../support/local-platform";

const NAMESPACE = "mlp-notebooks";
const JOURNEY = join(repositoryRoot, "examples/notebook/journey.ipynb");
/** Seconds; put into the hub's configuration for the test of culling, in place of minutes. */
const GPU_IDLE = 45;

interface Outputs {
    readonly urls?: { readonly hub?: string };
    readonly gatewayCa?: string;
    readonly accounts?: Readonly<Record<string, string>>;
}
interface PodList {
    readonly items: readonly {
        readonly metadata: { readonly name: string; readonly uid: string };
        readonly status: { readonly phase: string };
        readonly spec: { readonly containers: readonly { readonly resources: { readonly limits: object } }[] };
    }[];
}
interface Settings {
    readonly profiles: { name: string; gpus?: number; gpu_idle_seconds?: number }[];
    readonly culling: { every_seconds: number };
}

let platform: LocalPlatform;
let vision: HubUser;
let language: HubUser;
let hub: Hub;

const kubectl = (...args: string[]): string => {
    const { code, output } = platform.kubectl(args);
    if (code !== 0) throw new Error(output);
    return output;
};
const podsOf = (team: string): PodList["items"] =>
    platform.get<PodList>("pods", "-n", `team-${team}`, "-l", "app.kubernetes.io/component=singleuser-server").items;
const pod = (team: string, name: string) => podsOf(team).find(({ metadata }) => metadata.name === name);

beforeAll(async () => {
    platform = await LocalPlatform.find();
    const { stdout } = await platform.pulumi(
        ["stack", "output", "--json", "--show-secrets"],
        PLATFORM,
        process.env.MLP_TEST_STACK ?? "local",
    );
    const { urls, gatewayCa, accounts } = JSON.parse(stdout) as Outputs;
    if (urls?.hub === undefined || gatewayCa === undefined || accounts === undefined) {
        throw new Error("the stack has no notebooks behind a gateway with local accounts");
    }
    hub = { url: urls.hub, ca: gatewayCa };
    vision = await HubUser.signIn(hub, "vision", accounts.vision ?? "");
    language = await HubUser.signIn(hub, "language", accounts.language ?? "");
}, 120_000);

afterAll(async () => {
    for (const user of [vision, language]) {
        const { body } = await user.ask(`/hub/api/users/${user.name}`);
        const { servers } = JSON.parse(body) as { servers: object };
        for (const name of Object.keys(servers)) await user.stop(name);
    }
}, 120_000);

describe("notebooks", () => {
    it("start from a profile in the team's namespace, with the team's account and no privileges", async () => {
        expect((await vision.start("", { team: "vision", profile: "small" })).status).toBeLessThan(300);
        expect(await vision.ready("")).toMatchObject({ ready: true });
        const spec = platform.get<{ spec: Record<string, unknown> }>("pod/notebook-vision", "-n", "team-vision").spec;
        expect(spec).toMatchObject({
            serviceAccountName: "member",
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            containers: [
                {
                    securityContext: {
                        readOnlyRootFilesystem: true,
                        allowPrivilegeEscalation: false,
                        capabilities: { drop: ["ALL"] },
                    },
                },
            ],
        });
    }, 300_000);

    it("run the journey from top to bottom, and the pipeline and the TrainJob that it submits end well", async () => {
        const printed = await vision.run("", JOURNEY, (text) => process.stderr.write(text));
        expect(printed).toMatch(/Succeeded/);
        expect(printed).toMatch(/rank 0 of 2: accuracy 0\.9/);
        expect(printed).toMatch(/Complete/);
    }, 900_000);

    it("run on while the hub starts anew", async () => {
        const before = pod("vision", "notebook-vision")?.metadata.uid;
        kubectl("rollout", "restart", "deployment/hub", "-n", NAMESPACE);
        let answered = 0;
        for (let asked = 0; asked < 20; asked++) {
            const { status } = await vision.ask("/user/vision/api/status");
            answered += status === 200 ? 1 : 0;
            await new Promise((resolve) => setTimeout(resolve, 500));
        }
        kubectl("rollout", "status", "deployment/hub", "-n", NAMESPACE, "--timeout=120s");
        expect(answered).toBeGreaterThan(0);
        expect(await vision.ready("", 60)).toMatchObject({ ready: true });
        expect((await vision.ask("/user/vision/api/status")).status).toBe(200);
        expect(pod("vision", "notebook-vision")?.metadata.uid).toBe(before);
    }, 300_000);

    it("are closed to another user with a valid session and a valid token", async () => {
        const byToken = await language.ask("/user/vision/api/contents");
        expect(byToken.status).toBe(403);
        const byPage = await language.session.visit(`${hub.url}/user/vision/lab`);
        expect(byPage.status).toBe(403);
        expect(byPage.body).not.toContain("jupyter-config-data");
        const nobody = await vision.ask("/user/vision/api/contents", { headers: { authorization: "token forged" } });
        expect(nobody.status).toBe(403);
    }, 60_000);

    it("start in no team but the user's own, whatever a program asks for", async () => {
        const { status, body } = await language.start("elsewhere", { team: "vision", profile: "small" });
        expect({ status, body }).toMatchObject({ status: 403 });
        expect(body).toMatch(/none of your teams: language/);
        const sly = {
            team: ["vision"],
            namespace: "team-vision",
            image: "docker.io/library/busybox:1",
            profile: "small",
        };
        expect((await language.start("elsewhere", sly)).status).toBe(403);
        expect(podsOf("vision").map(({ metadata }) => metadata.name)).not.toContain("notebook-language--elsewhere");
    }, 60_000);

    it("give their GPU back when it is idle, and keep the volume", async () => {
        const profile = settings().profiles.find(({ gpus }) => (gpus ?? 0) > 0)?.name;
        expect(profile).toBeDefined();
        const restore = changeSettings(({ profiles, ...rest }) => ({
            ...rest,
            culling: { every_seconds: 5 },
            profiles: profiles.map((each) => ((each.gpus ?? 0) > 0 ? { ...each, gpu_idle_seconds: GPU_IDLE } : each)),
        }));
        try {
            expect((await language.start("", { profile })).status).toBeLessThan(300);
            expect(await language.ready("")).toMatchObject({ ready: true });
            const began = Date.now();
            expect(pod("language", "notebook-language")?.spec.containers[0]?.resources.limits).toMatchObject({
                "nvidia.com/gpu": "1",
            });
            // A page that is open asks now and then: that is no use of a GPU.
            const gone = await until(GPU_IDLE + 60, async () => {
                await language.ask("/user/language/api/status");
                return pod("language", "notebook-language") === undefined;
            });
            expect(gone).toBe(true);
            expect((Date.now() - began) / 1000).toBeGreaterThan(GPU_IDLE - 20);
            const claim = platform.get<{ status: { phase: string } }>("pvc/notebook-language", "-n", "team-language");
            expect(claim.status.phase).toBe("Bound");
        } finally {
            restore();
        }
    }, 400_000);

    it("of ten that start at once come up, or say why they do not", async () => {
        const names = ["a", "b", "c", "d", "e"].flatMap((letter) => [
            [vision, letter] as const,
            [language, letter] as const,
        ]);
        const asked = await Promise.all(names.map(([user, name]) => user.start(name, { profile: "small" })));
        const ends = await Promise.all(
            names.map(async ([user, name], index) => {
                const { status = 0, body = "" } = asked[index] ?? {};
                return status >= 400 ? { ready: false, said: `${status} ${body}` } : user.ready(name, 400);
            }),
        );
        for (const { ready, said } of ends) {
            if (!ready) expect(said).toMatch(/exceeded quota|maximum|Insufficient|too many/i);
        }
        process.stderr.write(`${ends.filter(({ ready }) => ready).length} of ${ends.length} came up\n`);
        expect(ends.some(({ ready }) => ready)).toBe(true);
    }, 600_000);
});

async function until(seconds: number, check: () => Promise<boolean>): Promise<boolean> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
        if (await check()) return true;
        await new Promise((resolve) => setTimeout(resolve, 2000));
    }
    return false;
}

function configMap(): string {
    const path = "jsonpath={.spec.template.spec.volumes[?(@.name=='configuration')].configMap.name}";
    return kubectl("get", "deployment/hub", "-n", NAMESPACE, "-o", path);
}

function settings(): Settings {
    const { data } = platform.get<{ data: Record<string, string> }>(`configmap/${configMap()}`, "-n", NAMESPACE);
    return JSON.parse(data["config.yaml"] ?? "") as Settings;
}

/** Changes what the hub reads, starts it anew with that, and gives what undoes it. */
function changeSettings(change: (before: Settings) => Settings): () => void {
    const before = settings();
    const name = configMap();
    const write = (next: Settings) => {
        const patch = { data: { "config.yaml": JSON.stringify(next) } };
        kubectl("patch", `configmap/${name}`, "-n", NAMESPACE, "--type=merge", "-p", JSON.stringify(patch));
        kubectl("rollout", "restart", "deployment/hub", "-n", NAMESPACE);
        kubectl("rollout", "status", "deployment/hub", "-n", NAMESPACE, "--timeout=180s");
    };
    write(change(before));
    return () => write(before);
}

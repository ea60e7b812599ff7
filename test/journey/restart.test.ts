import { eventually, LocalPlatform } from "../support/local-platform";

const CLAIM = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "kept", namespace: "default" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
};

describe("a platform that is stopped and started", () => {
    jest.setTimeout(300_000);
    let platform: LocalPlatform;
    beforeAll(async () => {
        platform = await LocalPlatform.find();
    });
    afterAll(() => {
        platform.kubectl(["delete", "pod/writer", "pod/reader", "pvc/kept", "--ignore-not-found", "--grace-period=1"]);
    });

    /** A pod that runs one shell command over the claim, and its phase at the end. */
    const runPod = async (name: string, command: string): Promise<string> => {
        const image = platform.get<{ spec: { template: { spec: object } } }>("clustertrainingruntime/plain").spec
            .template;
        const pod = {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name, namespace: "default" },
            spec: {
                restartPolicy: "Never",
                containers: [
                    {
                        name: "main",
                        image: /"image":"([^"]+)"/.exec(JSON.stringify(image))?.[1],
                        command: ["sh", "-c", command],
                        volumeMounts: [{ name: "kept", mountPath: "/kept" }],
                    },
                ],
                volumes: [{ name: "kept", persistentVolumeClaim: { claimName: "kept" } }],
            },
        };
        platform.kubectl(["create", "-f", "-"], JSON.stringify(pod));
        return eventually(`pod ${name} ends`, () => {
            const { phase } = platform.get<{ status: { phase: string } }>(`pod/${name}`).status;
            return phase === "Succeeded" || phase === "Failed" ? phase : undefined;
        });
    };

    it("keeps objects and volumes, and has nothing to change afterwards", async () => {
        platform.kubectl(["create", "-f", "-"], JSON.stringify(CLAIM));
        expect(await runPod("writer", "echo still here > /kept/note")).toBe("Succeeded");

        const down = await platform.mlp(["down"]);
        expect([down.code, down.output]).toEqual([0, expect.stringMatching(/kept/)]);
        expect((await platform.mlp(["status"])).output).toMatch(/stopped; objects and volumes are kept/);
        const up = await platform.mlp(["up"]);
        expect([up.code, up.output]).toEqual([0, expect.stringMatching(/\d+ unchanged/)]);
        expect(up.output).not.toMatch(/\d+ (created|updated|replaced|deleted)/);

        expect(await runPod("reader", "cat /kept/note")).toBe("Succeeded");
        expect(platform.kubectl(["logs", "reader"]).stdout).toBe("still here\n");
    });

    it("is found running by a second up, which changes nothing", async () => {
        const { code, output } = await platform.mlp(["up"]);
        expect(output).toMatch(/embedded cluster: found running/);
        expect(code).toBe(0);
    });
});

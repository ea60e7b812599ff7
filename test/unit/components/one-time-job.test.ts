import * as k8s from "@pulumi/kubernetes";

import { OneTimeJob, OneTimeJobArgs } from "../../../components/kubernetes/one-time-job";
import { record, Registered } from "../../support/mocks";

const args: OneTimeJobArgs = { namespace: "shop", image: "shop:1", command: ["migrate"], component: "migration" };

async function jobOf(more: Partial<OneTimeJobArgs> = {}): Promise<Registered> {
    const resources = await record(() => {
        const provider = new k8s.Provider("cluster", { kubeconfig: "kubeconfig" });
        new OneTimeJob("migration", { ...args, ...more }, { provider });
    });
    const found = resources.find(({ type }) => type === "kubernetes:batch/v1:Job");
    if (found === undefined) throw new Error("no Job");
    return found;
}

interface JobInputs {
    metadata: { name?: string; annotations: Record<string, string> };
    spec: { backoffLimit: number; activeDeadlineSeconds: number; template: { spec: { restartPolicy: string } } };
}

describe("OneTimeJob", () => {
    it("is made anew by the next update where it failed, beside its predecessor", async () => {
        const { metadata } = (await jobOf()).inputs as unknown as JobInputs;
        expect(metadata.annotations["pulumi.com/replaceUnready"]).toBe("true");
        // Under a name of its own: two cannot have the same at once.
        expect(metadata.name).toBeUndefined();
    });

    it("tells a cause that stays within a minute: one more try, 10 s later", async () => {
        const { spec } = (await jobOf()).inputs as unknown as JobInputs;
        expect(spec).toMatchObject({ backoffLimit: 1, template: { spec: { restartPolicy: "Never" } } });
    });

    it("outlives the wait for it, so that its pod can still say why", async () => {
        const { spec } = (await jobOf({ deadlineSeconds: 100 })).inputs as unknown as JobInputs;
        expect(spec.activeDeadlineSeconds).toBeGreaterThan(100);
    });
});

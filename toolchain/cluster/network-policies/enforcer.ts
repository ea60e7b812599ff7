import { createHash } from "node:crypto";
import { createServer } from "node:http";

import { net, node } from "../layout";
import { CNI_RESULTS, podAddresses, watchAddresses } from "./addresses";
import { compile } from "./compile";
import { namespaceOf, podOf, policyOf } from "./kept";
import { apply, Refusal, refusals } from "./nftables";
import { NodeService, State } from "./objects";
import { addressOf, numberOf } from "./ranges";
import { render } from "./render";
import { connection, Watched } from "./watched";

export const HEALTH_PORT = 10262;
const TRY_AGAIN_MS = 500;
const REPORT_MS = 5_000;
/** As long as the kernel remembers a flow. */
const FORGET_MS = 600_000;

/** CoreDNS is a process of the node here and pods of kube-system elsewhere: policies that select those mean it. */
const DNS: NodeService = {
    namespace: "kube-system",
    labels: { "k8s-app": "kube-dns" },
    address: numberOf(net.nodeIp) ?? 0,
    ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
    ],
};

/** Keeps the kernel's rules in step with the API server's policies and the pods on the network. */
export class Enforcer {
    private readonly namespaces;
    private readonly policies;
    private readonly pods;
    private applied = "";
    private wanted = false;
    private busy = false;
    private readonly told = new Map<string, number>();

    constructor(private readonly say: (line: string) => void) {
        const server = connection(node.pki);
        const changed = () => this.change();
        const watched = <T>(path: string, keep: (object: never) => T) => new Watched(server, path, keep, changed, say);
        this.namespaces = watched("/api/v1/namespaces", namespaceOf);
        this.policies = watched("/apis/networking.k8s.io/v1/networkpolicies", policyOf);
        this.pods = watched("/api/v1/pods", podOf);
    }

    run(): void {
        watchAddresses(() => this.change());
        for (const one of [this.namespaces, this.policies, this.pods]) void one.run();
        setInterval(() => void this.report(), REPORT_MS);
        createServer((_, response) => {
            response.statusCode = this.applied === "" ? 503 : 200;
            response.end();
        }).listen(HEALTH_PORT, "127.0.0.1");
    }

    /** Many changes at once become one change of the rules. */
    private change(): void {
        this.wanted = true;
        if (this.busy) return;
        this.busy = true;
        void this.settle().finally(() => {
            this.busy = false;
            if (this.wanted) this.change();
        });
    }

    private async settle(): Promise<void> {
        // Rules from half of what is known would refuse what they should not, and the ones of before are still in place.
        if (![this.namespaces, this.policies, this.pods].every(({ listed }) => listed)) {
            this.wanted = false;
            return;
        }
        await new Promise((resolve) => setImmediate(resolve));
        this.wanted = false;
        const rules = render(compile(this.state()), net.podRange);
        const digest = createHash("sha256").update(rules).digest("hex");
        if (digest === this.applied) return;
        try {
            await this.report();
            await apply(rules);
            this.applied = digest;
        } catch (error) {
            this.say((error as Error).message);
            await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
            this.wanted = true;
        }
    }

    private state(): State {
        const pods = [...podAddresses(CNI_RESULTS)].flatMap(([address, key]) => {
            const pod = this.pods.all.get(key);
            return pod === undefined ? [] : [{ ...pod, address }];
        });
        const namespaces = new Map([...this.namespaces.all].map(([key, labels]) => [key.slice(1), labels]));
        return { namespaces, policies: [...this.policies.all.values()], pods, services: [DNS] };
    }

    /** Says what was refused, once in a while, so that a missing rule is found without a trace of packets. */
    private async report(): Promise<void> {
        if (this.applied === "") return;
        const now = Date.now();
        const names = new Map([...podAddresses(CNI_RESULTS)].map(([address, name]) => [addressOf(address), name]));
        const found = await refusals().catch((): Refusal[] => []);
        for (const { from, to, protocol, port } of found) {
            const line = `refused: ${names.get(from) ?? from} → ${names.get(to) ?? to} ${protocol} ${port}`;
            if (now - (this.told.get(line) ?? 0) < FORGET_MS) continue;
            this.told.set(line, now);
            this.say(line);
        }
    }
}

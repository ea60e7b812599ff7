import { randomBytes } from "node:crypto";
import { Server } from "node:http";
import { AddressInfo } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";

import { progressOn } from "../toolchain/progress";
import { printUrls } from "./entrance";
import { UserError } from "./errors";
import { Kubectl } from "./kubectl";
import { ENGINE_PIECES, kubeconfigOf, requireRunningCluster, specOf, tools } from "./local";
import { MemberToken } from "./member-token";
import { PortForward, ServiceAddress } from "./port-forward";
import { ENTRANCE, listen } from "./ui-relay";

/** The platform's web UIs by the name that the command takes. */
export const Ui = { Argo: "argo", Mlflow: "mlflow" } as const;
export type Ui = (typeof Ui)[keyof typeof Ui];

interface UiFacts {
    readonly title: string;
    /** Key of the ConfigMap `mlp-environment`: where the team's own programs find the service. */
    readonly variable: string;
    /** Port of 127.0.0.1, while it is free. */
    readonly localPort: number;
    /** First page for a team. */
    landing(namespace: string): string;
    headers(namespace: string): Readonly<Record<string, string>>;
}

const UIS: Readonly<Record<Ui, UiFacts>> = {
    argo: {
        title: "Argo Workflows",
        variable: "ARGO_SERVER",
        localPort: 2746,
        landing: (namespace) => `/workflows/${namespace}`,
        headers: () => ({}),
    },
    mlflow: {
        title: "MLflow",
        variable: "MLFLOW_TRACKING_URI",
        localPort: 5000,
        landing: (namespace) => `/#/?workspace=${namespace}`,
        headers: (namespace) => ({ "x-mlflow-workspace": namespace }),
    },
};

export interface UiOptions {
    readonly env: string;
    /** Default: the only one there is. */
    readonly team?: string;
}

interface Named {
    readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

const TEAM_LABEL = "mlp.dev/team";
const ACCOUNT = "member";
const ENVIRONMENT = "mlp-environment";

/**
 * Serves web UIs of the platform on loopback addresses, as a member of a team, until Ctrl-C; says where they are where
 * the gateway serves them already.
 */
export async function ui(names: readonly Ui[], { env, team }: UiOptions): Promise<void> {
    if (specOf(env, { locked: false }).entrance !== undefined) return printUrls(env, names);
    const kubectl = await kubectlOf(env);
    const namespace = namespaceOf(kubectl, team);
    const environment = kubectl.find<{ data?: Record<string, string> }>(
        "configmap",
        ENVIRONMENT,
        "--namespace",
        namespace,
    );
    if (environment === undefined) throw new UserError(`Namespace ${namespace} has no ConfigMap ${ENVIRONMENT}.`);
    const token = new MemberToken(kubectl, namespace, ACCOUNT);
    // Before a URL is printed that would only show an error.
    await token.get();
    const open: (Server | PortForward)[] = [];
    try {
        for (const name of names) {
            const facts = UIS[name];
            const address = addressOf(environment.data ?? {}, facts.variable);
            const forward = new PortForward(kubectl, address);
            open.push(forward);
            const key = randomBytes(24).toString("base64url");
            const upstream = {
                port: () => forward.port(),
                lost: (port: number) => forward.lost(port),
                token: () => token.get(),
                secure: address.secure,
                host: `${address.service}.${address.namespace}.svc:${address.port}`,
                headers: facts.headers(namespace),
            };
            const server = await listenNear(facts.localPort, (port) =>
                listen(port, key, upstream, facts.landing(namespace)),
            );
            open.push(server);
            const { port } = server.address() as AddressInfo;
            console.log(`${facts.title}, as ${namespace}/${ACCOUNT}: http://127.0.0.1:${port}${ENTRANCE}?key=${key}`);
        }
        console.log("Ctrl-C ends it.");
        await interrupted();
    } finally {
        open.forEach(close);
    }
}

async function kubectlOf(env: string): Promise<Kubectl> {
    const { cluster } = specOf(env, { locked: false });
    const info = cluster.kind === "embedded" ? await requireRunningCluster() : undefined;
    const { binaries } = await tools(progressOn(), cluster.kind === "embedded" ? ["kubectl"] : ENGINE_PIECES);
    const shell = process.env["KUBECONFIG"] ?? join(homedir(), ".kube", "config");
    const context = cluster.kind === "existing" ? cluster.context : undefined;
    return new Kubectl(binaries.kubectl, info?.kubeconfig ?? kubeconfigOf(cluster) ?? shell, context);
}

/** The namespace of a team: of the only one where none is named. */
export function namespaceOf(kubectl: Pick<Kubectl, "find">, team: string | undefined): string {
    // Who may see only the own team's namespace names it, and needs no list.
    if (team !== undefined) return `team-${team}`;
    const found = kubectl.find<{ items: Named[] }>("namespaces", `--selector=${TEAM_LABEL}`)?.items ?? [];
    const teams = found.map(({ metadata }) => metadata.labels?.[TEAM_LABEL] ?? "").sort();
    const [only] = teams;
    if (only === undefined) throw new UserError("There is no team yet: add one to `teams` in the stack file.");
    if (teams.length > 1) throw new UserError(`Say whose pages: --team ${teams.join(" or --team ")}.`);
    return `team-${only}`;
}

/** The Service behind a variable: a URL, or host and port alone, which Argo's client takes for TLS. Pure. */
export function addressOf(environment: Readonly<Record<string, string>>, variable: string): ServiceAddress {
    const value = environment[variable];
    if (value === undefined) throw new UserError(`The team's environment has no ${variable}: it was not given that.`);
    const url = new URL(value.includes("://") ? value : `https://${value}`);
    const [service = "", namespace = "", kind] = url.hostname.split(".");
    if (kind !== "svc") throw new UserError(`${variable}=${value} is no Service of this cluster: open it directly.`);
    const secure = url.protocol === "https:";
    return { service, namespace, port: Number(url.port || (secure ? 443 : 80)), secure };
}

/** Takes a free port where the usual one is taken, as by another team's pages. */
async function listenNear(port: number, start: (port: number) => Promise<Server>): Promise<Server> {
    try {
        return await start(port);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
        return start(0);
    }
}

function close(one: Server | PortForward): void {
    if (one instanceof PortForward) return one.end();
    one.close();
    one.closeAllConnections();
}

function interrupted(): Promise<void> {
    return new Promise((resolve) => {
        process.once("SIGINT", () => resolve()).once("SIGTERM", () => resolve());
    });
}

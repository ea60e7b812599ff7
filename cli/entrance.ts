import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { GATEWAY_NAMESPACE, gatewayPort, GATEWAY_SERVICE } from "../infra/gateway-port";
import { PlatformSpec } from "../infra/spec";
import { ClusterInfo, exposeService } from "../toolchain/cluster";
import { dataDir } from "../toolchain/paths";
import { progressOn } from "../toolchain/progress";
import { Engine } from "./engine";
import { UserError } from "./errors";
import { enginePiecesFor, runningCluster, specOf, tools, usersEnvironment } from "./local";
import { PLATFORM } from "./stack-files";

/** Publishes the gateway of the embedded cluster at its port of 127.0.0.1, now and after every start. */
export async function publishGateway({ entrance }: PlatformSpec, info: ClusterInfo | undefined): Promise<void> {
    if (entrance?.exposure !== "loopback" || info === undefined) return;
    const port = gatewayPort(entrance, info.apiUrl);
    await exposeService({ namespace: GATEWAY_NAMESPACE, service: GATEWAY_SERVICE, port, localPort: port });
}

/** Writes the CA of the gateway's certificate where a browser can be given it; undefined where there is none of ours. */
export function keepCa(outputs: Readonly<Record<string, unknown>>): string | undefined {
    const { gatewayCa } = outputs;
    if (typeof gatewayCa !== "string") return undefined;
    const folder = dataDir("gateway");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, "ca.crt");
    writeFileSync(file, gatewayCa);
    return file;
}

/** The stack of an environment, to be asked for its outputs. */
export async function engineOf(env: string): Promise<Engine> {
    const spec = specOf(env, { locked: false });
    const made = await tools(progressOn(), enginePiecesFor(spec));
    const kubeconfig = spec.cluster.kind === "embedded" ? (await runningCluster())?.kubeconfig : undefined;
    return new Engine(made, PLATFORM, env, kubeconfig, usersEnvironment(spec));
}

/** Prints who can sign in to the local identity provider, with which password. */
export async function accounts({ env }: { readonly env: string }): Promise<void> {
    const { entrance } = specOf(env, { locked: false });
    if (entrance === undefined) throw new UserError("There is no gateway: set gateway.enabled in the stack file.");
    const { identity } = entrance;
    if (identity.kind === "oidc") throw new UserError(`Accounts are those of ${identity.issuer}.`);
    const passwords = (await engineOf(env)).secretOutput("accounts") as Record<string, string> | undefined;
    if (passwords === undefined) throw new UserError("There are no accounts yet: run `npm run up` first.");
    for (const { name, groups } of identity.accounts) {
        console.log(`${name.padEnd(20)} ${(passwords[name] ?? "").padEnd(24)} ${groups.join(", ")}`);
    }
}

/** Prints where the pages are; with the gateway nothing needs to be carried here. */
export async function printUrls(env: string, names: readonly string[]): Promise<void> {
    const outputs = (await engineOf(env)).outputs();
    const urls = (outputs.urls ?? {}) as Record<string, string>;
    for (const name of names) if (urls[name] !== undefined) console.log(`${name.padEnd(8)} ${urls[name]}/`);
    console.log("`mlp accounts` prints who can sign in.");
    const file = keepCa(outputs);
    if (file !== undefined) console.log(`Give your browser this CA, or it warns of the certificate: ${file}`);
}

import { readFileSync } from "node:fs";

import { load } from "js-yaml";

import { ProviderError } from "../base/errors";
import { isObject, JsonObject, stringAt } from "../base/json";
import { ApiError } from "../kubernetes/api-error";
import { Client } from "../kubernetes/client";
import { parseSettings } from "../kubernetes/config";
import { mergeKubeconfigs, selectContext, Selection } from "../kubernetes/kubeconfig";
import { nodesOf, SimulatedNode } from "./nodes";
import { Stored } from "./store";

/** Names the kubeconfig of a real control plane that plays the part of EKS's. */
export const CONTROL_PLANE_VARIABLE = "MLP_SIMULATED_EKS";

/** Nobody listens there: what needs the API server fails at once, and says where it tried. */
const NOWHERE = { endpoint: "https://127.0.0.1:1", certificateAuthority: "" };

/** Where every simulated cluster's API server is: one control plane serves them all. */
export function controlPlane(): { readonly endpoint: string; readonly certificateAuthority: string } {
    const selection = selected();
    if (selection === undefined) return NOWHERE;
    const authority = stringAt(selection.cluster, "certificate-authority-data");
    const file = stringAt(selection.cluster, "certificate-authority");
    const read = () => (file === undefined ? "" : readFileSync(file).toString("base64"));
    return { endpoint: selection.server, certificateAuthority: authority ?? read() };
}

function kubeconfigFile(): string | undefined {
    const file = process.env[CONTROL_PLANE_VARIABLE];
    return file === undefined || file === "" ? undefined : file;
}

function selected(): Selection | undefined {
    const file = kubeconfigFile();
    if (file === undefined) return undefined;
    const document: unknown = load(readFileSync(file, "utf8"));
    if (!isObject(document)) throw new ProviderError(`${CONTROL_PLANE_VARIABLE}: ${file} is no kubeconfig`);
    return selectContext(mergeKubeconfigs([document]), { context: undefined, cluster: undefined });
}

/** Gives the control plane the nodes that the node group should have, and takes away those that it had. */
export async function followNodes(before: Stored | undefined, after: Stored | undefined): Promise<void> {
    const kubeconfig = kubeconfigFile();
    if (kubeconfig === undefined) return;
    const client = new Client(parseSettings({ kubeconfig }), new AbortController().signal);
    const wanted = after === undefined ? [] : nodesOf(after);
    const names = new Set(wanted.map(({ name }) => name));
    const gone = (before === undefined ? [] : nodesOf(before)).filter(({ name }) => !names.has(name));
    await Promise.all([...wanted.map((node) => join(client, node)), ...gone.map(({ name }) => leave(client, name))]);
}

/** As a kubelet does: registers the node, then reports what it has. */
async function join(client: Client, { name, object, status }: SimulatedNode): Promise<void> {
    const query = { fieldManager: "simulated-eks", force: "true" };
    const patch = { query, contentType: "application/apply-patch+yaml" };
    await client.call("PATCH", `/api/v1/nodes/${name}`, { ...patch, body: object });
    const body: JsonObject = { apiVersion: "v1", kind: "Node", metadata: { name }, status };
    await client.call("PATCH", `/api/v1/nodes/${name}/status`, { ...patch, body });
}

async function leave(client: Client, name: string): Promise<void> {
    try {
        await client.call("DELETE", `/api/v1/nodes/${name}`);
    } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
}

import { UserError } from "./errors";
import { Kubectl } from "./kubectl";
import { PortForward } from "./port-forward";
import { addressOf } from "./ui";

export interface ModelVersion {
    readonly version: string;
    readonly source: string;
    readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** A version of the model registry, read with a member's token through a forwarded port. */
export async function readVersion(
    kubectl: Kubectl,
    namespace: string,
    token: string,
    model: string,
    version: string,
): Promise<ModelVersion> {
    const asked = ["configmap", "mlp-environment", "--namespace", namespace];
    const environment = kubectl.find<{ data?: Record<string, string> }>(...asked)?.data ?? {};
    const address = addressOf(environment, "MLFLOW_TRACKING_URI");
    const forward = new PortForward(kubectl, address);
    try {
        const query = new URLSearchParams({ name: model, version }).toString();
        const url = `http://127.0.0.1:${await forward.port()}/api/2.0/mlflow/model-versions/get?${query}`;
        const headers = { authorization: `Bearer ${token}`, "x-mlflow-workspace": namespace };
        const answer = await fetch(url, { headers });
        const text = await answer.text();
        if (!answer.ok)
            throw new UserError(`MLflow does not show version ${version} of ${model}: ${text.slice(0, 300)}`);
        return (JSON.parse(text) as { model_version: ModelVersion }).model_version;
    } finally {
        forward.end();
    }
}

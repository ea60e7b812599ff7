/**
 * The `aws` command, as far as a kubeconfig for EKS calls it: `aws eks get-token`. It answers with the certificate of
 * the control plane that plays EKS's part. Placed on the PATH only together with the simulators.
 */
import { readFileSync } from "node:fs";

import { load } from "js-yaml";

import { isObject, JsonObject, parseJson, stringAt } from "../base/json";
import { mergeKubeconfigs, selectContext } from "../kubernetes/kubeconfig";

const VARIABLE = "MLP_SIMULATED_EKS";

function answer(args: readonly string[]): string {
    if (args.includes("--version")) return "aws-cli/2.0.0-simulated";
    if (!args.join(" ").includes("eks get-token")) {
        throw new Error(`the simulated aws command serves only "eks get-token", not: ${args.join(" ")}`);
    }
    const file = process.env[VARIABLE];
    if (file === undefined || file === "") {
        throw new Error(`the simulated aws command needs ${VARIABLE}: the kubeconfig of a control plane`);
    }
    const credential = { apiVersion: wantedVersion(), kind: "ExecCredential", status: statusFrom(file) };
    return JSON.stringify(credential);
}

/** The version that the caller asks for; it would refuse another. */
function wantedVersion(): string {
    const info = process.env.KUBERNETES_EXEC_INFO;
    const asked = info === undefined ? undefined : stringAt(parseJson(info), "apiVersion");
    return asked ?? "client.authentication.k8s.io/v1";
}

function statusFrom(file: string): JsonObject {
    const document: unknown = load(readFileSync(file, "utf8"));
    if (!isObject(document)) throw new Error(`${file} is no kubeconfig`);
    const { user } = selectContext(mergeKubeconfigs([document]), { context: undefined, cluster: undefined });
    const token = stringAt(user, "token");
    if (token !== undefined) return { token };
    return { clientCertificateData: pem(user, "client-certificate"), clientKeyData: pem(user, "client-key") };
}

function pem(user: JsonObject, name: string): string {
    const data = stringAt(user, `${name}-data`);
    if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
    return readFileSync(stringAt(user, name) ?? "", "utf8");
}

try {
    process.stdout.write(`${answer(process.argv.slice(2))}\n`);
} catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 252;
}

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { homedir } from "node:os";
import * as path from "node:path";

import { ProviderError } from "../base/errors";
import { isObject, JsonObject, objectAt, objectsAt, parseJson, stringAt } from "../base/json";
import { Settings } from "./config";
import { mergeKubeconfigs, Selection, selectContext } from "./kubeconfig";

/** Where the API server is and who calls it. */
export interface Endpoint {
    readonly url: URL;
    readonly namespace: string;
    /** Certificates and headers for a call; files are read and commands run anew, as what they give ends. */
    authenticate(): Promise<RequestOptions>;
}

export async function loadEndpoint(settings: Settings): Promise<Endpoint> {
    const { documents, folder } = await read(settings.kubeconfig);
    const selection = selectContext(mergeKubeconfigs(documents), settings);
    return {
        url: parseUrl(selection.server),
        namespace: settings.namespace ?? selection.namespace ?? "default",
        authenticate: () => authenticate(selection, folder),
    };
}

interface Source {
    readonly documents: JsonObject[];
    /** Folder to which the paths inside are relative. */
    readonly folder: string;
}

async function read(kubeconfig: string | undefined): Promise<Source> {
    if (kubeconfig !== undefined && !isPath(kubeconfig)) {
        return { documents: [await parse(kubeconfig, "the contents given")], folder: process.cwd() };
    }
    const places = kubeconfig ?? process.env.KUBECONFIG ?? path.join(homedir(), ".kube", "config");
    const files = (kubeconfig === undefined ? places.split(path.delimiter) : [places]).filter((file) =>
        existsSync(file),
    );
    const [first] = files;
    if (first === undefined) {
        throw new ProviderError(
            `kubeconfig: there is no file ${places}; give the provider a kubeconfig or set KUBECONFIG`,
        );
    }
    const documents = await Promise.all(files.map((file) => parse(readFileSync(file, "utf8"), file)));
    return { documents, folder: path.dirname(path.resolve(first)) };
}

/** Contents have several lines or are JSON; anything else is meant as a path, even of a missing file. */
function isPath(kubeconfig: string): boolean {
    return !kubeconfig.includes("\n") && !kubeconfig.trimStart().startsWith("{");
}

/** The parser's own message would quote the contents, and with them credentials. */
async function parse(text: string, source: string): Promise<JsonObject> {
    const { load } = await import("js-yaml");
    const fail = (): ProviderError => new ProviderError(`kubeconfig: ${source} is not a kubeconfig (YAML or JSON)`);
    let document: unknown;
    try {
        document = load(text);
    } catch {
        throw fail();
    }
    if (!isObject(document) || document.clusters === undefined) throw fail();
    return document;
}

function parseUrl(server: string): URL {
    try {
        return new URL(server);
    } catch {
        throw new ProviderError(
            `kubeconfig: the server ${JSON.stringify(server)} is no URL such as https://127.0.0.1:6443`,
        );
    }
}

async function authenticate({ cluster, user }: Selection, folder: string): Promise<RequestOptions> {
    const secret = (holder: JsonObject, name: string): Buffer | undefined => material(holder, name, folder);
    const issued = isObject(user.exec) ? await runCommand(user.exec, folder) : {};
    const token = stringAt(issued, "token") ?? stringAt(user, "token") ?? material(user, "token", folder)?.toString();
    const [username, password] = [stringAt(user, "username"), stringAt(user, "password")];
    const serverName = stringAt(cluster, "tls-server-name");
    return {
        ca: secret(cluster, "certificate-authority"),
        cert: stringAt(issued, "clientCertificateData") ?? secret(user, "client-certificate"),
        key: stringAt(issued, "clientKeyData") ?? secret(user, "client-key"),
        rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
        ...(serverName === undefined ? {} : { servername: serverName }),
        ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token.trim()}` } }),
        ...(username === undefined ? {} : { auth: `${username}:${password ?? ""}` }),
    };
}

/** A certificate, key or token that stands in the kubeconfig as data or as the path of a file. */
function material(holder: JsonObject, name: string, folder: string): Buffer | undefined {
    const data = stringAt(holder, `${name}-data`);
    if (data !== undefined) return Buffer.from(data, "base64");
    const file = stringAt(holder, name === "token" ? "tokenFile" : name);
    if (file === undefined) return undefined;
    try {
        return readFileSync(path.resolve(folder, file));
    } catch {
        throw new ProviderError(`kubeconfig: cannot read ${name} from ${file}`);
    }
}

/** Runs a credential plugin and gives the `status` of the ExecCredential that it prints. */
function runCommand(exec: JsonObject, folder: string): Promise<JsonObject> {
    const command = stringAt(exec, "command") ?? "";
    const args = Array.isArray(exec.args) ? exec.args.filter((argument) => typeof argument === "string") : [];
    const given = objectsAt(exec, "env").map((variable) => [stringAt(variable, "name"), stringAt(variable, "value")]);
    const info = { apiVersion: exec.apiVersion ?? "", kind: "ExecCredential", spec: { interactive: false } };
    const env = {
        ...process.env,
        ...(Object.fromEntries(given) as Record<string, string>),
        KUBERNETES_EXEC_INFO: JSON.stringify(info),
    };
    const program = command.includes("/") ? path.resolve(folder, command) : command;
    return new Promise((resolve, reject) => {
        execFile(program, args, { env, timeout: 60_000 }, (error, stdout) => {
            const status = error === null ? credentialStatus(stdout) : undefined;
            if (status !== undefined) return resolve(status);
            const cause =
                error === null
                    ? "it printed no ExecCredential"
                    : `it ended with ${String(error.code ?? error.message)}`;
            reject(new ProviderError(`kubeconfig: the credential command ${command} failed: ${cause}`));
        });
    });
}

function credentialStatus(output: string): JsonObject | undefined {
    try {
        const credential = parseJson(output);
        return isObject(credential) && isObject(credential.status) ? objectAt(credential, "status") : undefined;
    } catch {
        return undefined;
    }
}

import { ImageSource, unknownImage } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";

export const REGISTRY_NAMESPACE = "mlp-registry";
export const REGISTRY_SERVICE = "mlflow";
export const REGISTRY_PORT = 5000;

export interface RegistrySpec {
    readonly image: string;
    readonly replicas: number;
    /** Values of the Host header that the server answers to: globs as Python's fnmatch reads them. */
    readonly allowedHosts: readonly string[];
    /** Pages that may change something, besides those from a loopback address. */
    readonly allowedOrigins: readonly string[];
}

/**
 * Looks the image up, fills the defaults in and lists the hosts. Pure.
 *
 * @throws InvalidConfiguration with every problem at once.
 */
export function resolveRegistry(
    args: { images: ImageSource; replicas?: number; hosts?: readonly string[] },
    path: string,
): RegistrySpec {
    const problems: Problem[] = [];
    const image = args.images.references["mlflow"];
    if (image === undefined) problems.push(unknownImage(args.images, "mlflow", `${path}.images`));
    const replicas = args.replicas ?? 1;
    if (!Number.isInteger(replicas) || replicas < 1) {
        problems.push({
            path: `${path}.replicas`,
            found: replicas,
            allowed: "a whole number from 1 on",
            fix: "Take 1 on a single node, 2 elsewhere.",
        });
    }
    (args.hosts ?? []).forEach((host, index) => {
        if (HOST.test(host)) return;
        problems.push({
            path: `${path}.hosts[${index}]`,
            found: host,
            allowed: "a DNS name in lower case, with a port where it is not the scheme's own",
            fix: "Write the name alone, such as mlflow.example.org: no scheme, no path, no wildcard.",
        });
    });
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    const hosts = [...new Set(args.hosts ?? [])];
    return Object.freeze({
        image: image ?? "",
        replicas,
        allowedHosts: allowedHosts(hosts),
        allowedOrigins: hosts.map((host) => `https://${host}`),
    });
}

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const HOST = new RegExp(`^(?=.{1,259}$)${LABEL}(\\.${LABEL})*(:[0-9]{1,5})?$`);

/**
 * The names under which the server can be reached: those of its Service, a forwarded port on a loopback address, and
 * `hosts`.
 *
 * The port counts: a client sends it along unless it is the scheme's own. Only on loopback may it be any.
 */
export function allowedHosts(hosts: readonly string[]): string[] {
    const service = [
        REGISTRY_SERVICE,
        `${REGISTRY_SERVICE}.${REGISTRY_NAMESPACE}`,
        `${REGISTRY_SERVICE}.${REGISTRY_NAMESPACE}.svc`,
        `${REGISTRY_SERVICE}.${REGISTRY_NAMESPACE}.svc.cluster.local`,
    ];
    const loopback = ["localhost", "127.0.0.1"];
    return [
        ...service.map((name) => `${name}:${REGISTRY_PORT}`),
        ...loopback.flatMap((name) => [name, `${name}:*`]),
        ...hosts,
    ];
}

import { repositoryPath } from "../../images/image-lock";
import type { CatalogueEntry } from "../../images/catalogue";
import { ToolchainError } from "../bootstrap/errors";

/** A registry, and a prefix of the repositories in it. */
export interface RegistryTarget {
    /** As it was given: `HOST[:PORT][/PREFIX]`. */
    readonly name: string;
    readonly host: string;
    /** On this machine: the only place where plain HTTP is accepted. */
    readonly isLoopback: boolean;
}

const HOST = /^(localhost|\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)(:\d{1,5})?$/;
const PREFIX = /^[a-z0-9]+([._-][a-z0-9]+)*$/;
const FORM = "HOST[:PORT][/PREFIX], such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com/mlp";
const ECR = /^\d{12}\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/**
 * Reads what `--to` says.
 *
 * @throws ToolchainError saying what is wrong with it.
 */
export function registryTarget(text: string): RegistryTarget {
    const refuse = (why: string) => new ToolchainError(`--to ${JSON.stringify(text)}: ${why}. Give ${FORM}.`);
    if (text.includes("://")) throw refuse("a registry is named without a scheme");
    if (/[@]/.test(text)) throw refuse("neither a digest nor a login belongs there; log in with `skopeo login`");
    const [host = "", ...prefix] = text.replace(/\/$/, "").split("/");
    if (!HOST.test(host)) throw refuse(`${JSON.stringify(host)} is not a host name in lower case`);
    // Tools take a first part without a dot or a port for a repository of Docker Hub.
    if (!/[.:]/.test(host) && host !== "localhost")
        throw refuse(`${JSON.stringify(host)} has neither a dot nor a port`);
    const wrong = prefix.find((part) => !PREFIX.test(part));
    if (wrong !== undefined) throw refuse(`${JSON.stringify(wrong)} cannot be part of a repository's name`);
    return { name: [host, ...prefix].join("/"), host, isLoopback: isLoopback(host) };
}

/** Where an image stands in that registry, with its tag. */
export function referenceIn({ name }: RegistryTarget, entry: CatalogueEntry): string {
    return `${name}/${repositoryPath(entry)}:${entry.tag}`;
}

/** The command that logs in there. */
export function loginCommand({ host }: RegistryTarget): string {
    const region = ECR.exec(host)?.[1];
    if (region === undefined) return `skopeo login ${host}`;
    const password = `aws ecr get-login-password --region ${region}`;
    return `${password} | skopeo login --username AWS --password-stdin ${host}`;
}

function isLoopback(host: string): boolean {
    const name = host.replace(/:\d+$/, "");
    return name === "localhost" || name === "[::1]" || /^127(\.\d{1,3}){3}$/.test(name);
}

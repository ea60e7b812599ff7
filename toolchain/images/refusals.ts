import { ToolchainError } from "../bootstrap/errors";
import { loginCommand, type RegistryTarget } from "./target";

/** Every further image would meet it as well: the command stops. */
export class RegistryError extends ToolchainError {
    constructor(message: string, options?: ErrorOptions) {
        super(message, options);
        this.name = "RegistryError";
    }
}

/** Of this image alone: the others go on. */
export class ImageError extends ToolchainError {
    constructor(message: string, options?: ErrorOptions) {
        super(message, options);
        this.name = "ImageError";
    }
}

interface Refusal {
    readonly says: RegExp;
    /** Goes on after the registry's name. */
    readonly cause: string;
    readonly cure: (target: RegistryTarget) => string;
    /** Whether the other images may still go through. */
    readonly ofImage?: true;
}

// In the order in which they are asked: the first that fits.
const REFUSALS: readonly Refusal[] = [
    {
        says: /pinging container registry .*(StatusCode: 404|unsupported protocol|malformed HTTP)/,
        cause: "answers, but is no registry",
        cure: () => "Check its name and its port",
    },
    {
        says: /server gave HTTP response to HTTPS client/,
        cause: "speaks plain HTTP",
        cure: () => "Plain HTTP is accepted from a registry on a loopback address alone: give it a certificate",
    },
    {
        says: /x509|certificate|tls: /i,
        cause: "has a certificate that is not trusted here",
        cure: ({ host }) => `Put its authority's certificate into /etc/containers/certs.d/${host}/ca.crt`,
    },
    {
        says: /connection refused|no such host|no route to host|network is unreachable|timeout|timed out|server misbehaving|deadline exceeded/i,
        cause: "does not answer",
        cure: () => "Check its name, its port and the network",
    },
    {
        says: /tag invalid|immutable|already exists/i,
        cause: "holds another image under this tag and lets nobody replace it",
        cure: () => "Give the image a new tag in images/catalogue.ts",
        ofImage: true,
    },
    {
        says: /repository with name .* does not exist|RepositoryNotFound|name unknown/i,
        cause: "has no such repository",
        cure: () => "Make it first, with the component ImageRepositories or `aws ecr create-repository`",
        ofImage: true,
    },
    {
        says: /unauthorized|authentication required|no basic auth credentials|token has expired|StatusCode: 401|status: 401/i,
        cause: "wants a login",
        cure: (target) => `Log in and run the command again: ${loginCommand(target)}`,
    },
    {
        says: /denied|forbidden|not authorized|StatusCode: 403|status: 403/i,
        cause: "does not allow this login to do that",
        cure: (target) => `Use a login that may push; an old one is renewed by: ${loginCommand(target)}`,
    },
    {
        says: /method not allowed|StatusCode: 405|status: 405|read-?only/i,
        cause: "takes no uploads: it is read-only",
        cure: () => "Push to the registry that it copies from, or end its maintenance",
    },
    {
        says: /toomanyrequests|too many requests|StatusCode: 429|status: 429/i,
        cause: "allows no more requests for now",
        cure: () => "Run the command again later: it goes on from here",
    },
    {
        says: /no space left|quota|insufficient storage/i,
        cause: "or this disk has no space left",
        cure: () => "Free some on this disk (XDG_CACHE_HOME moves the cache) or in the registry",
    },
    {
        says: /StatusCode: 5\d\d|status: 5\d\d|unknown error|EOF|connection reset|broken pipe/i,
        cause: "fails by itself",
        cure: () => "Run the command again: it goes on from here. If it fails again, see the registry's own log",
    },
];

/** What a registry said of an image, told with its cause and its cure. */
export function refusalOf(reference: string, said: string, target: RegistryTarget, log?: string): ToolchainError {
    const found = REFUSALS.find(({ says }) => says.test(said));
    const words = wordsOf(said);
    const seen = log === undefined ? "" : ` Log: ${log}`;
    if (found === undefined) return new RegistryError(`${reference}: ${target.host} refused: ${words}.${seen}`);
    const { cause, cure, ofImage } = found;
    const message = `${reference}: ${target.host} ${cause}. ${cure(target)}.\n  It said: ${words}${seen}`;
    return ofImage === true ? new ImageError(message) : new RegistryError(message);
}

/** Whether a registry said that it does not hold an image, which is an answer and no failure. */
export function isAbsent(said: string): boolean {
    const absent = /manifest unknown|name unknown|repository with name .* does not exist|StatusCode: 404/i;
    // What does not even answer as a registry is none.
    return absent.test(said) && !/pinging container registry/.test(said);
}

// skopeo's last line, out of its logger's envelope.
function wordsOf(said: string): string {
    const line = said.trim().split("\n").at(-1) ?? "";
    const inside = /msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line;
    return inside.replace(/\\n/g, " ").replace(/\\"/g, '"').trim();
}

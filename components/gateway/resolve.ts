import { ImageSource, unknownImage } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";

export const GATEWAY_NAMESPACE = "mlp-gateway";
/** Name of the Gateway, of its class and of what configures its proxies. */
export const GATEWAY_NAME = "mlp";
/** Service of the proxies. */
export const GATEWAY_SERVICE = "gateway";
export const LISTENER = "https";

/** How the gateway is reached. */
export const GatewayExposure = {
    /** On 127.0.0.1 of this machine alone, through the relay of the embedded cluster. */
    Loopback: "loopback",
    /** Through a load balancer of the cloud. */
    LoadBalancer: "loadBalancer",
} as const;
export type GatewayExposure = (typeof GatewayExposure)[keyof typeof GatewayExposure];

/** The part of the arguments that is known before anything is made. */
export interface PlainGateway {
    readonly images: ImageSource;
    readonly domain: string;
    readonly port?: number;
    readonly exposure: GatewayExposure;
    readonly replicas?: number;
    readonly certificateSecretName?: unknown;
    readonly loadBalancer?: { readonly sourceRanges?: readonly string[]; readonly certificateArn?: unknown };
}

export interface GatewaySpec {
    readonly controllerImage: string;
    readonly proxyImage: string;
    readonly port: number;
    /** On which the pods listen: no process of ours may open a port below 1024. */
    readonly podPort: number;
    readonly replicas: number;
    readonly sourceRanges: readonly string[];
}

const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;
const RANGE = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/;
/** What Envoy Gateway adds to a listener's port below 1024. */
const PRIVILEGED_SHIFT = 10_000;
const FIRST_UNPRIVILEGED = 1024;

/**
 * Fills the defaults in. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong at once.
 */
export function resolveGateway(args: PlainGateway, path: string): GatewaySpec {
    const problems: Problem[] = [];
    const image = (name: string): string => {
        const reference = args.images.references[name];
        if (reference === undefined) problems.push(unknownImage(args.images, name, `${path}.images`));
        return reference ?? "";
    };
    const wrong = (field: string, found: unknown, allowed: string, fix: string) =>
        problems.push({ path: `${path}.${field}`, found, allowed, fix });
    const { domain, exposure, port = 443, replicas = 1, loadBalancer = {} } = args;
    const { sourceRanges = [] } = loadBalancer;

    if (!DOMAIN.test(domain)) {
        const fix = "Write the domain below which the apps' names stand, such as ml.example.org: no scheme, no port.";
        wrong("domain", domain, "a DNS name in lower case of at least two labels", fix);
    }
    if (!Number.isInteger(port) || port < 1 || port > 65_535 - PRIVILEGED_SHIFT) {
        wrong("port", port, "a whole number from 1 to 55535", "Leave it out for 443.");
    }
    if (!Number.isInteger(replicas) || replicas < 1 || replicas > 9) {
        wrong("replicas", replicas, "a whole number from 1 to 9", "Take 1 on a single node, 2 elsewhere.");
    }
    if (exposure === GatewayExposure.Loopback && args.loadBalancer !== undefined) {
        wrong("loadBalancer", args.loadBalancer, "nothing with exposure loopback", "Leave it out.");
    }
    if (args.certificateSecretName !== undefined && loadBalancer.certificateArn !== undefined) {
        const fix = "Keep one: the load balancer's certificate is what clients see.";
        wrong("certificateSecretName", args.certificateSecretName, "nothing beside loadBalancer.certificateArn", fix);
    }
    sourceRanges.forEach((range, index) => {
        if (RANGE.test(range)) return;
        const fix = "Write an IPv4 range, such as 192.0.2.0/24.";
        wrong(`loadBalancer.sourceRanges[${index}]`, range, "a range in CIDR form", fix);
    });
    const spec: GatewaySpec = {
        controllerImage: image("envoy-gateway"),
        proxyImage: image("envoy"),
        port,
        podPort: port < FIRST_UNPRIVILEGED ? port + PRIVILEGED_SHIFT : port,
        replicas,
        sourceRanges,
    };
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze(spec);
}

const APP = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The host name of an app. Pure.
 *
 * @throws InvalidConfiguration when it is no DNS label: certificates and cookies count on one level below the domain.
 */
export function hostOf(domain: string, app: string, path: string): string {
    if (APP.test(app)) return `${app}.${domain}`;
    throw new InvalidConfiguration([
        {
            path: `${path}.app`,
            found: app,
            allowed: "one DNS label: small letters, digits and dashes",
            fix: "Take a name such as argo.",
        },
    ]);
}

import { GatewayExposure } from "../components/gateway/resolve";
import { Problem } from "../components/problems";
import { ClusterConfig, PlatformConfig } from "./config";
import { IdentityKind } from "./config-gateway";
import { ENVIRONMENTS } from "./environments";
import type { ClusterSource } from "./resolve-layers";
import { EntranceSpec, IdentitySpec, ROOT } from "./spec";

/** Browsers take every name below it for their own machine. */
const LOCAL_DOMAIN = "mlp.localhost";

/** The way in and who is let in; nothing where the gateway is off. Pure. */
export function entranceOf(config: PlatformConfig, source: ClusterSource): EntranceSpec | undefined {
    const { gateway, environment, layer } = config;
    if (!gateway.enabled || layer === "cluster") return undefined;
    const { port, certificateSecret, certificateArn, internal, sourceRanges } = gateway;
    return {
        domain: domainOf(config, source) ?? "",
        ...(port !== undefined && { port }),
        exposure: exposureOf(config, source.cluster),
        replicas: gateway.replicas ?? ENVIRONMENTS[environment].replicas,
        ...(certificateSecret !== undefined && { certificateSecret }),
        ...(certificateArn !== undefined && { certificateArn }),
        internal,
        sourceRanges,
        identity: identityOf(config, source.cluster),
    };
}

/** What is wrong with them. Pure. */
export function entranceProblems(config: PlatformConfig, source: ClusterSource): Problem[] {
    const { gateway, layer } = config;
    if (!gateway.enabled || layer === "cluster") return [];
    return [...gatewayProblems(config, source), ...identityProblems(config, source.cluster), ...signOnProblems(config)];
}

/** The images that they run. Pure. */
export function imagesOfEntrance(entrance: EntranceSpec | undefined): string[] {
    if (entrance === undefined) return [];
    const provider = entrance.identity.kind === IdentityKind.Local ? ["identity-provider"] : [];
    return ["envoy", "envoy-gateway", ...provider];
}

/** Groups of a team whose stack file names none: those that the provider gives for its name. Pure. */
export function groupsOf(
    { name, groups }: { readonly name: string; readonly groups: readonly string[] },
    entrance: EntranceSpec | undefined,
): readonly string[] {
    if (entrance === undefined || groups.length > 0) return groups;
    return [`${entrance.identity.prefix}team-${name}`];
}

function exposureOf({ gateway }: PlatformConfig, { kind }: ClusterConfig): GatewayExposure {
    return gateway.exposure ?? (kind === "embedded" ? GatewayExposure.Loopback : GatewayExposure.LoadBalancer);
}

function domainOf({ gateway, dns }: PlatformConfig, { cluster, config }: ClusterSource): string | undefined {
    return (
        gateway.domain ?? dns?.domain ?? config.dns?.domain ?? (cluster.kind === "embedded" ? LOCAL_DOMAIN : undefined)
    );
}

function kindOf({ identity }: PlatformConfig, { kind }: ClusterConfig): IdentityKind {
    return identity.kind ?? (kind === "embedded" ? IdentityKind.Local : IdentityKind.Oidc);
}

function identityOf(config: PlatformConfig, cluster: ClusterConfig): IdentitySpec {
    const { kind: _, accounts, issuer, endpoints, clientId, ...shared } = config.identity;
    if (kindOf(config, cluster) === IdentityKind.Local) {
        return { ...shared, kind: IdentityKind.Local, accounts: accounts ?? defaultAccounts(config) };
    }
    // Problems name what is missing; nothing is built then.
    const nowhere = { authorization: "", token: "", userinfo: "", jwks: "" };
    return {
        ...shared,
        kind: IdentityKind.Oidc,
        issuer: issuer ?? "",
        endpoints: endpoints ?? nowhere,
        clientId: clientId ?? "",
    };
}

function defaultAccounts({ teams, identity }: PlatformConfig): { name: string; groups: string[] }[] {
    const members = teams.map(({ name }) => ({ name, groups: [`team-${name}`] }));
    return [{ name: "admin", groups: [identity.adminGroup] }, ...members.filter(({ name }) => name !== "admin")];
}

function gatewayProblems(config: PlatformConfig, source: ClusterSource): Problem[] {
    const { gateway } = config;
    const { cluster } = source;
    const problems: Problem[] = [];
    const path = (field: string) => `${ROOT}.gateway.${field}`;
    const domain = domainOf(config, source);
    if (domain === undefined) {
        const fix = "Name the domain below which the apps stand, such as ml.example.org.";
        problems.push({ path: path("domain"), found: domain, allowed: "a domain, where there is no dns.domain", fix });
    }
    const exposure = exposureOf(config, cluster);
    const embedded = cluster.kind === "embedded";
    if (embedded !== (exposure === GatewayExposure.Loopback)) {
        const allowed = embedded ? "loopback with embedded: it has no load balancer" : "loadBalancer outside embedded";
        problems.push({ path: path("exposure"), found: exposure, allowed, fix: "Leave it out." });
    }
    if (embedded && domain !== undefined && domain !== LOCAL_DOMAIN) {
        const fix = "Leave it out: only names below mlp.localhost lead to this machine without a DNS server.";
        problems.push({ path: path("domain"), found: domain, allowed: `${LOCAL_DOMAIN} with embedded`, fix });
    }
    for (const field of ["certificateArn", "certificateSecret"] as const) {
        if (gateway[field] === undefined || !embedded) continue;
        const fix = "Leave it out: nobody gives certificates for names below mlp.localhost.";
        problems.push({ path: path(field), found: gateway[field], allowed: "nothing with embedded", fix });
    }
    if (gateway.certificateArn !== undefined && gateway.certificateSecret !== undefined) {
        const fix = "Keep one: what the load balancer shows is what clients see.";
        const found = gateway.certificateSecret;
        problems.push({ path: path("certificateSecret"), found, allowed: "nothing beside certificateArn", fix });
    }
    return problems;
}

function identityProblems(config: PlatformConfig, cluster: ClusterConfig): Problem[] {
    const { identity, environment } = config;
    const path = (field: string) => `${ROOT}.identity.${field}`;
    const kind = kindOf(config, cluster);
    if (kind === IdentityKind.Local) {
        const foreign = (["issuer", "endpoints", "clientId", "hubClientId"] as const).filter(
            (field) => identity[field] !== undefined,
        );
        const problems = foreign.map((field) => ({
            path: path(field),
            found: identity[field],
            allowed: "nothing with kind local",
            fix: "Set identity.kind to oidc, or leave it out.",
        }));
        if (cluster.kind === "embedded" && environment === "local") return problems;
        const allowed = "oidc outside the embedded cluster: local is a stand-in for one machine";
        const fix = "Set identity.kind to oidc, with issuer, endpoints and clientId of your provider.";
        return [...problems, { path: path("kind"), found: kind, allowed, fix }];
    }
    const missing = (["issuer", "endpoints", "clientId"] as const).filter((field) => identity[field] === undefined);
    return [
        ...missing.map((field) => ({
            path: path(field),
            found: undefined,
            allowed: "given with kind oidc",
            fix: "Take it from your provider: see docs/sign-in.md.",
        })),
        ...(identity.accounts === undefined
            ? []
            : [
                  {
                      path: path("accounts"),
                      found: identity.accounts.map(({ name }) => name),
                      allowed: "nothing with kind oidc",
                      fix: "Make the accounts at your provider.",
                  },
              ]),
        ...insecure(identity),
    ];
}

function insecure({ issuer, endpoints }: PlatformConfig["identity"]): Problem[] {
    const urls = { issuer, ...endpoints };
    return Object.entries(urls)
        .filter(([, url]) => url !== undefined && !url.startsWith("https://"))
        .map(([field, url]) => ({
            path: `${ROOT}.identity.${field === "issuer" ? field : `endpoints.${field}`}`,
            found: url,
            allowed: "an https URL",
            fix: "Passwords and tokens pass there: take the provider's https address.",
        }));
}

/** Two ways to sign in would give two sessions with two sets of rights. */
function signOnProblems({ pipelines: { oidc } }: PlatformConfig): Problem[] {
    if (oidc === undefined) return [];
    return [
        {
            path: `${ROOT}.pipelines.oidc`,
            found: oidc.issuer,
            allowed: "nothing with gateway.enabled: it signs people in to Argo as well",
            fix: "Leave it out.",
        },
    ];
}

import { InvalidConfiguration } from "../../problems";
import type { EksGpuClusterArgs, EndpointArgs, LustreArgs } from "./args";
import { parseCidr } from "./cidr";
import { supportedOn } from "./kubernetes-support";
import { LOG_DAYS } from "./log-days";
import { resolveAddons } from "./resolve-addons";
import { checkCapacity } from "./resolve-capacity";
import { Checks } from "./resolve-checks";
import { resolveNetwork } from "./resolve-network";
import { resolveGpuPools, resolveSystemPool } from "./resolve-pools";
import type { EksSpec } from "./spec";
import { isPrivate, isShared } from "./subnets";

const NAME = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ROLE_ARN = /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;

/**
 * Fills every default in and finds every combination that AWS would refuse, or that would fail only later. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong at once, each by its path below `path`.
 */
export function resolveEks(args: EksGpuClusterArgs, path: string): EksSpec {
    const checks = new Checks(path);
    const network = resolveNetwork(args, checks);
    const zones = network?.zones ?? [];
    const systemPool = resolveSystemPool(args.systemPool ?? {}, zones, checks.at("systemPool"));
    const gpuPools = resolveGpuPools(args.gpuPools ?? [], zones, checks);
    if (network?.kind === "new") checkCapacity(network, [systemPool, ...gpuPools], checks.at("network"));
    checkVersion(args, checks);
    const lustre = args.storage?.lustre;
    const spec = {
        clusterName: checks.matches(
            "clusterName",
            args.clusterName,
            NAME,
            "1 to 40 lower-case letters, digits and dashes, a letter first",
            "Names of roles and volumes begin with it: keep it short and plain.",
        ),
        version: args.version,
        region: checks.matches("region", args.region, REGION, "an AWS region, such as eu-west-1"),
        endpoint: { private: true as const, allowedCidrs: resolveEndpoint(args.endpoint ?? {}, checks.at("endpoint")) },
        admins: resolveAdmins(args.admins, checks),
        systemPool,
        gpuPools,
        addons: resolveAddons(args, checks),
        storage: {
            efs: args.storage?.efs ?? false,
            ...(lustre && { lustre: resolveLustre(lustre, zones, checks.at("storage.lustre")) }),
        },
        protect: args.protect ?? false,
        logDays: checks.oneOf("logDays", args.logDays ?? 90, LOG_DAYS),
        tags: resolveTags(args.tags, checks),
    };
    // Without a network there are problems; the second test is for the compiler.
    if (checks.problems.length > 0 || network === undefined) throw new InvalidConfiguration(checks.problems);
    return freeze({ ...spec, network });
}

function checkVersion({ version, today }: EksGpuClusterArgs, checks: Checks): void {
    const day = today ?? new Date().toISOString().slice(0, 10);
    checks.matches("today", day, DAY, "a day, such as 2026-11-24");
    const supported = supportedOn(day);
    if (supported.some((known) => known.version === version)) return;
    const allowed = supported.map(({ version: known, standardEnds }) => `${known} (until ${standardEnds})`).join(", ");
    checks.wrong(
        "version",
        version,
        `in EKS standard support on ${day}: ${allowed || "none that this release of the library knows"}`,
        "Take one of them, in quotes; an existing cluster is upgraded one minor version at a time.",
    );
}

/** Blocks wider than this are half the internet in disguise. */
const WIDEST = 8;

function resolveEndpoint({ allowedCidrs = [] }: EndpointArgs, checks: Checks): readonly string[] {
    checks.unique(allowedCidrs, (index) => `allowedCidrs[${index}]`);
    if (allowedCidrs.length > 40) {
        checks.wrong("allowedCidrs", allowedCidrs.length, "40 blocks at most: EKS's limit", "Join neighbours.");
    }
    allowedCidrs.forEach((text, index) => {
        const range = parseCidr(text);
        const fix = "Name the public addresses of your office or VPN, such as 203.0.113.0/24.";
        if (range === undefined || range.prefix < WIDEST) {
            const allowed = `an IPv4 block by its first address, /${WIDEST} or narrower; never the whole internet`;
            checks.wrong(`allowedCidrs[${index}]`, text, allowed, fix);
        } else if (isPrivate(range) || isShared(range)) {
            const allowed = "public addresses: private ones reach the API server within the VPC already";
            checks.wrong(`allowedCidrs[${index}]`, text, allowed, fix);
        }
    });
    return [...allowedCidrs];
}

function resolveAdmins(admins: readonly string[], checks: Checks): readonly string[] {
    if (admins.length === 0) {
        checks.wrong("admins", admins, "one role or more", "Without one nobody could administer the cluster.");
    }
    admins.forEach((arn, index) => {
        const allowed = "an IAM role's ARN, such as arn:aws:iam::123456789012:role/platform-admin";
        checks.matches(`admins[${index}]`, arn, ROLE_ARN, allowed, "Name a role: users and sessions are refused.");
    });
    checks.unique(admins, (index) => `admins[${index}]`);
    return [...admins];
}

function resolveLustre(lustre: LustreArgs, zones: readonly string[], checks: Checks) {
    if (zones.length > 0) checks.oneOf("zone", lustre.zone, zones, "Name the zone that the training pools are in.");
    const { capacityGiB } = lustre;
    if (capacityGiB !== 1200 && (capacityGiB < 2400 || capacityGiB % 2400 !== 0)) {
        checks.wrong("capacityGiB", capacityGiB, "1200, or a multiple of 2400", "Round it up.");
    }
    const throughput = checks.oneOf("throughput", lustre.throughput ?? 250, [125, 250, 500, 1000]);
    return { zone: lustre.zone, capacityGiB, throughput };
}

/** AWS allows 50 on a resource; the component and Kubernetes add some of their own. */
const MOST_TAGS = 40;

function resolveTags(tags: Readonly<Record<string, string>>, checks: Checks): Readonly<Record<string, string>> {
    const count = Object.keys(tags).length;
    if (count > MOST_TAGS) checks.wrong("tags", count, `${MOST_TAGS} tags at most`, "Leave some out.");
    for (const [key, value] of Object.entries(tags)) {
        const part = `tags.${key}`;
        if (!/^[\p{L}\p{N} _.:/=+@-]{1,128}$/u.test(key) || /^aws:/i.test(key)) {
            const allowed = "1 to 128 letters, digits, spaces and _ . : / = + - @, not beginning with aws:";
            checks.wrong(part, key, allowed, "Correct the key.");
        }
        const allowed = "up to 256 letters, digits, spaces and _ . : / = + - @";
        checks.matches(part, value, /^[\p{L}\p{N} _.:/=+@-]{0,256}$/u, allowed);
    }
    return { ...tags };
}

/** Freezes what is plain all the way down; Pulumi's outputs stay as they are. */
function freeze<T>(value: T): T {
    if (Array.isArray(value)) value.forEach(freeze);
    else if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
        return value;
    else Object.values(value).forEach(freeze);
    return Object.freeze(value);
}

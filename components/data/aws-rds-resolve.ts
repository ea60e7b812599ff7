import { InvalidConfiguration, Problem } from "../problems";
import authorities from "./aws-rds-cas.json";

export interface RdsRequest {
    readonly region: string;
    readonly identifier?: string;
    readonly version?: string;
    readonly instanceClass?: string;
    readonly storageGiB?: number;
    readonly maxStorageGiB?: number;
    readonly multiAz?: boolean;
    readonly backupDays?: number;
    readonly logDays?: number;
    readonly caCertificates?: string;
    readonly protect?: boolean;
}

export interface RdsSpec {
    readonly identifier: string;
    readonly version: string;
    /** Major version. */
    readonly major: string;
    readonly instanceClass: string;
    readonly storageGiB: number;
    readonly maxStorageGiB: number;
    readonly multiAz: boolean;
    readonly backupDays: number;
    readonly logDays: number;
    readonly caCertificates: string;
    readonly protect: boolean;
}

/** The CA that signs the server's certificate, a root of its own in each region. */
export const RDS_CA = "rds-ca-rsa2048-g1";

const DEFAULTS = { version: "17.6", instanceClass: "db.t4g.medium", storageGiB: 20, backupDays: 7, logDays: 90 };
const CERTIFICATES: Readonly<Record<string, string>> = authorities.certificates;
const CERTIFICATE = /^\s*-----BEGIN CERTIFICATE-----[^]+-----END CERTIFICATE-----\s*$/;

/**
 * Fills defaults in and finds the CA of the region. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong at once.
 */
export function resolveRds(args: RdsRequest, name: string): RdsSpec {
    const { storageGiB = DEFAULTS.storageGiB, version = DEFAULTS.version, protect = false } = args;
    const spec: RdsSpec = {
        identifier: args.identifier ?? name,
        version,
        major: version.split(".")[0] ?? "",
        instanceClass: args.instanceClass ?? DEFAULTS.instanceClass,
        storageGiB,
        maxStorageGiB: args.maxStorageGiB ?? storageGiB * 5,
        multiAz: args.multiAz ?? true,
        backupDays: args.backupDays ?? DEFAULTS.backupDays,
        logDays: args.logDays ?? DEFAULTS.logDays,
        caCertificates: args.caCertificates ?? CERTIFICATES[args.region] ?? "",
        protect,
    };
    const problems = [...problemsOfNames(spec, name), ...problemsOfSizes(spec, name), ...problemOfCa(spec, args, name)];
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze(spec);
}

function problemsOfNames({ identifier, version, instanceClass }: RdsSpec, name: string): Problem[] {
    const problems: Problem[] = [];
    if (!/^[a-z](?!.*--)[a-z0-9-]{0,61}[a-z0-9]$/.test(identifier)) {
        problems.push({
            path: `${name}.identifier`,
            found: identifier,
            allowed: "2 to 63 of a-z, 0-9 and single dashes, a letter first and no dash last",
            fix: "Name it after the environment, such as mlp-dev.",
        });
    }
    if (!/^17\.\d+$/.test(version)) {
        problems.push({
            path: `${name}.version`,
            found: version,
            allowed: "a minor version of PostgreSQL 17, such as 17.6",
            fix: `Leave it out for ${DEFAULTS.version}: backups are made and read by the tools of 17.`,
        });
    }
    // The smallest burstable classes have no Performance Insights.
    if (!/^db\.[a-z0-9]+\.[a-z0-9]+$/.test(instanceClass) || /^db\.t\dg?\.(micro|small)$/.test(instanceClass)) {
        problems.push({
            path: `${name}.instanceClass`,
            found: instanceClass,
            allowed: "a class of RDS with Performance Insights, such as db.t4g.medium or db.m7g.large",
            fix: `Leave it out for ${DEFAULTS.instanceClass}.`,
        });
    }
    return problems;
}

function problemsOfSizes({ storageGiB, maxStorageGiB, backupDays }: RdsSpec, name: string): Problem[] {
    const within = (path: string, found: number, least: number, most: number, fix: string): Problem[] =>
        Number.isInteger(found) && found >= least && found <= most
            ? []
            : [{ path: `${name}.${path}`, found, allowed: `a whole number from ${least} to ${most}`, fix }];
    const growth = Math.ceil(storageGiB * 1.1);
    return [
        ...within("storageGiB", storageGiB, 20, 65536, `Leave it out for ${DEFAULTS.storageGiB}.`),
        ...within("maxStorageGiB", maxStorageGiB, growth, 65536, "RDS wants a tenth more than storageGiB at least."),
        ...within("backupDays", backupDays, 1, 35, `Leave it out for ${DEFAULTS.backupDays}.`),
    ];
}

function problemOfCa({ caCertificates }: RdsSpec, { region }: RdsRequest, name: string): Problem[] {
    if (CERTIFICATE.test(caCertificates)) return [];
    return [
        {
            path: `${name}.caCertificates`,
            found: caCertificates,
            allowed: `PEM certificates; known by themselves for ${Object.keys(CERTIFICATES).join(", ")}`,
            fix: `Give AWS's bundle for ${region}: without it nobody can tell the server from an impostor.`,
        },
    ];
}

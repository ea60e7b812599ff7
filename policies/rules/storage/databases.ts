import { ofType, unless } from "../../aws/resources";
import { awsDocs, securityHub } from "../../references";
import { rule } from "../../rule";

const databases = ofType("aws:rds/instance:Instance", "aws:rds/cluster:Cluster");

export const databaseEncryption = rule({
    id: "database-encrypted",
    title: "Databases are encrypted",
    level: "mandatory",
    severity: "high",
    why: "It is off by default and cannot be turned on later.",
    fix: "Set `storageEncrypted: true`.",
    references: [securityHub("RDS.3", "RDS DB instances should have encryption at-rest enabled")],
    places: databases,
    judge: ({ props }) => unless(props.field("storageEncrypted"), [true]),
});

export const databasePrivate = rule({
    id: "database-private",
    title: "Databases have no public address",
    level: "mandatory",
    severity: "critical",
    why: "Its password would be all that stands between the registry of models and the internet.",
    fix: "Leave `publiclyAccessible` off.",
    references: [securityHub("RDS.2", "RDS DB Instances should prohibit public access")],
    places: databases,
    judge: ({ props }) => {
        const at = props.field("publiclyAccessible");
        return at.value === true ? { at, found: true, allowed: "false or unset" } : undefined;
    },
});

const BACKUP_DAYS = 7;

export const databaseBackups = rule({
    id: "database-backups",
    title: `Databases in prod keep backups for at least ${BACKUP_DAYS} days`,
    level: "mandatory-in-prod",
    severity: "high",
    why: "AWS keeps one day by default: a mistake on Friday is beyond repair on Monday.",
    fix: `Set \`backupRetentionPeriod\` to ${BACKUP_DAYS} or more.`,
    references: [securityHub("RDS.11", "RDS instances should have automatic backups enabled")],
    places: databases,
    judge: ({ props }) => {
        const at = props.field("backupRetentionPeriod");
        const { value } = at;
        return typeof value === "number" && value >= BACKUP_DAYS
            ? undefined
            : { at, found: at.scalar, allowed: `${BACKUP_DAYS} to 35` };
    },
});

const instances = ofType("aws:rds/instance:Instance");

export const databaseMultiAz = rule({
    id: "database-multi-az",
    title: "Databases in prod have a standby in another zone",
    level: "mandatory-in-prod",
    severity: "high",
    why: "Pipelines and the registry of models stop with the zone of their database otherwise.",
    fix: "Set `multiAz: true`.",
    references: [securityHub("RDS.5", "RDS DB instances should be configured with multiple Availability Zones")],
    places: instances,
    judge: ({ props }) => unless(props.field("multiAz"), [true]),
});

export const databaseDeletionProtection = rule({
    id: "database-deletion-protection",
    title: "Databases in prod refuse to be deleted",
    level: "mandatory-in-prod",
    severity: "high",
    why: "Pulumi's own protection does not stop a click in the console.",
    fix: "Set `deletionProtection: true`.",
    references: [securityHub("RDS.8", "RDS DB instances should have deletion protection enabled")],
    places: databases,
    judge: ({ props }) => unless(props.field("deletionProtection"), [true]),
});

export const databaseFinalSnapshot = rule({
    id: "database-final-snapshot",
    title: "Databases in prod leave a snapshot behind",
    level: "mandatory-in-prod",
    severity: "medium",
    why: "Automatic backups go with the database that they are of.",
    fix: "Leave `skipFinalSnapshot` off and name a `finalSnapshotIdentifier`.",
    references: [awsDocs("Deleting a DB instance", "AmazonRDS/latest/UserGuide/USER_DeleteInstance.html")],
    places: databases,
    judge: ({ props }) => {
        const at = props.field("skipFinalSnapshot");
        return at.value === true ? { at, found: true, allowed: "false or unset" } : undefined;
    },
});

/** Since this major version AWS refuses plain connections by default. */
const TLS_BY_DEFAULT = 15;

export const databaseTls = rule({
    id: "database-tls",
    title: "PostgreSQL refuses connections without TLS",
    level: "mandatory",
    severity: "high",
    why: "Passwords and lineage would cross the network readable, by any client that forgets its `sslmode`.",
    fix: `Set the parameter \`rds.force_ssl\` to 1; from version ${TLS_BY_DEFAULT} on it is AWS's default.`,
    references: [securityHub("RDS.38", "RDS for PostgreSQL DB instances should be encrypted in transit")],
    places: ofType("aws:rds/parameterGroup:ParameterGroup", "aws:rds/clusterParameterGroup:ClusterParameterGroup"),
    judge: ({ props }) => {
        const version = /postgres(?:ql)?(\d+)/.exec(props.field("family").text ?? "")?.[1];
        if (version === undefined) return undefined;
        const forced = props.find("parameters[]").find((one) => one.field("name").text === "rds.force_ssl");
        const at = forced?.field("value") ?? props.field("parameters");
        const value = forced === undefined ? Number(version) >= TLS_BY_DEFAULT : Number(at.scalar) === 1;
        return value ? undefined : { at, found: at.scalar, allowed: "rds.force_ssl of 1" };
    },
});

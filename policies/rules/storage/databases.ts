import { ofType, unless } from "../../aws/resources";
import { securityHub } from "../../references";
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

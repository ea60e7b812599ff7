import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { DatabaseServer } from "../contracts";
import { RDS_CA, RdsSpec, resolveRds } from "./aws-rds-resolve";
import { ADMINISTRATOR, POSTGRES_PORT } from "./postgres-role";

export interface RdsPostgresArgs {
    /** Namespace that already exists; of the administrator's Secret and the Jobs that make databases. */
    namespace: pulumi.Input<string>;
    /** Region of the instance: that of the provider. */
    region: string;
    /** VPC of the cluster. */
    vpcId: pulumi.Input<string>;
    /** Private subnets in two zones at least. */
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Security group of the cluster's nodes and pods: nobody else is let in. */
    nodeSecurityGroupId: pulumi.Input<string>;
    /** KMS key that encrypts storage, logs and Performance Insights; CloudWatch Logs must be allowed to use it. */
    kmsKeyArn: pulumi.Input<string>;
    /** Name of the instance, unique in account and region. Default: the component's name. */
    identifier?: string;
    /** Minor version of PostgreSQL 17. AWS changes it only when this does. Default: `17.6`. */
    version?: string;
    /** Class with Performance Insights. Default: `db.t4g.medium`. */
    instanceClass?: string;
    /** GiB of gp3 at the start: 20 to 65536. Default: 20. */
    storageGiB?: number;
    /** GiB up to which AWS enlarges it by itself. Default: five times the start. */
    maxStorageGiB?: number;
    /** A second instance in another zone takes over within about a minute. Default: true. */
    multiAz?: boolean;
    /** Days that AWS keeps its own backups: 1 to 35. Default: 7. */
    backupDays?: number;
    /** Days that CloudWatch keeps the server's log. Default: 90. */
    logDays?: number;
    /** CAs of the server's certificate in PEM. Default: AWS's for the region, where it is known. */
    caCertificates?: string;
    /** Refuse to delete the instance, and take a last snapshot when it is deleted after all. Default: false. */
    protect?: boolean;
    /** Tags of everything with a price. */
    tags: { [key: string]: string };
}

/**
 * A PostgreSQL server on RDS: private, encrypted, reached by the cluster alone and over TLS only.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_PostgreSQL.html
 */
export class RdsPostgres extends pulumi.ComponentResource {
    /** What databases and backups need. */
    readonly server: DatabaseServer;

    constructor(name: string, args: RdsPostgresArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:RdsPostgres", name, {}, opts);
        const parent = { parent: this };
        const spec = resolveRds(args, name);
        const { namespace } = args;

        const password = new random.RandomPassword(`${name}-administrator`, { length: 32, special: false }, parent);
        const instance = this.instance(name, args, spec, password.result);
        const administrator = new k8s.core.v1.Secret(
            `${name}-administrator`,
            {
                metadata: { name: `${name}-administrator`, namespace },
                stringData: { username: ADMINISTRATOR, password: password.result },
            },
            // A new password counts once the instance has it.
            { ...parent, dependsOn: instance },
        );

        this.server = {
            host: instance.address,
            port: POSTGRES_PORT,
            version: spec.major,
            caCertificates: spec.caCertificates,
            namespace,
            adminSecretName: administrator.metadata.name,
        };
        this.registerOutputs({ server: this.server });
    }

    private instance(
        name: string,
        args: RdsPostgresArgs,
        spec: RdsSpec,
        password: pulumi.Output<string>,
    ): aws.rds.Instance {
        const { tags, kmsKeyArn } = args;
        const { protect, identifier } = spec;
        const parent = { parent: this };
        const subnets = new aws.rds.SubnetGroup(name, { name: identifier, subnetIds: args.subnetIds, tags }, parent);
        const settings = new aws.rds.ParameterGroup(
            name,
            { name: identifier, family: `postgres${spec.major}`, parameters: PARAMETERS, tags },
            parent,
        );
        const group = this.securityGroup(name, args, spec);
        const logs = LOGS.map((log) => this.logGroup(name, log, args, spec));
        const snapshot = new random.RandomId(`${name}-final-snapshot`, { byteLength: 4 }, parent);
        return new aws.rds.Instance(
            name,
            {
                ...instanceSettings(spec),
                password,
                dbSubnetGroupName: subnets.name,
                parameterGroupName: settings.name,
                vpcSecurityGroupIds: [group.id],
                kmsKeyId: kmsKeyArn,
                performanceInsightsKmsKeyId: kmsKeyArn,
                ...(protect && { finalSnapshotIdentifier: pulumi.interpolate`${identifier}-final-${snapshot.hex}` }),
                tags,
            },
            { ...parent, protect, dependsOn: logs, customTimeouts: { create: "60m", update: "120m", delete: "60m" } },
        );
    }

    private securityGroup(
        name: string,
        { vpcId, nodeSecurityGroupId, tags }: RdsPostgresArgs,
        { identifier }: RdsSpec,
    ): aws.ec2.SecurityGroup {
        const parent = { parent: this };
        const group = new aws.ec2.SecurityGroup(
            name,
            { vpcId, description: `PostgreSQL server ${identifier}`, tags: { ...tags, Name: identifier } },
            parent,
        );
        new aws.vpc.SecurityGroupIngressRule(
            name,
            {
                securityGroupId: group.id,
                referencedSecurityGroupId: nodeSecurityGroupId,
                description: "PostgreSQL from the cluster's nodes and pods",
                ipProtocol: "tcp",
                fromPort: POSTGRES_PORT,
                toPort: POSTGRES_PORT,
                tags,
            },
            parent,
        );
        return group;
    }

    /** Ours before RDS makes one that keeps everything for ever. */
    private logGroup(
        name: string,
        log: string,
        { kmsKeyArn, tags }: RdsPostgresArgs,
        { identifier, logDays }: RdsSpec,
    ): aws.cloudwatch.LogGroup {
        return new aws.cloudwatch.LogGroup(
            `${name}-${log}`,
            { name: `/aws/rds/instance/${identifier}/${log}`, retentionInDays: logDays, kmsKeyId: kmsKeyArn, tags },
            { parent: this },
        );
    }
}

const LOGS = ["postgresql", "upgrade"];
const PARAMETERS = [
    { name: "rds.force_ssl", value: "1" },
    { name: "rds.accepted_password_auth_method", value: "scram" },
    { name: "log_lock_waits", value: "1" },
];

function instanceSettings(spec: RdsSpec) {
    return {
        identifier: spec.identifier,
        engine: "postgres",
        engineVersion: spec.version,
        autoMinorVersionUpgrade: false,
        instanceClass: spec.instanceClass,
        storageType: "gp3",
        allocatedStorage: spec.storageGiB,
        maxAllocatedStorage: spec.maxStorageGiB,
        storageEncrypted: true,
        username: ADMINISTRATOR,
        port: POSTGRES_PORT,
        multiAz: spec.multiAz,
        publiclyAccessible: false,
        caCertIdentifier: RDS_CA,
        backupRetentionPeriod: spec.backupDays,
        copyTagsToSnapshot: true,
        deleteAutomatedBackups: !spec.protect,
        deletionProtection: spec.protect,
        skipFinalSnapshot: !spec.protect,
        // Where nothing is protected nobody waits for the maintenance window.
        applyImmediately: !spec.protect,
        performanceInsightsEnabled: true,
        performanceInsightsRetentionPeriod: 7,
        enabledCloudwatchLogsExports: LOGS,
    };
}

import * as aws from "@pulumi/aws/provider";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { EksGpuCluster } from "../../components/cluster/eks";
import { DatabaseServer, ObjectStore, ObjectStoreKind } from "../../components/contracts";
import { POSTGRES_PORT } from "../../components/data";
import { RdsPostgres, S3Buckets } from "../../components/data/aws";
import { podSecurityLabels } from "../../components/kubernetes/hardening";
import { DatabaseKind } from "../config-services";
import { CloudStores } from "../platform-services";
import { DATA_NAMESPACE, EksClusterSpec, PlatformSpec } from "../spec";

export interface StoresProviders {
    readonly aws: aws.Provider;
    readonly kubernetes: k8s.Provider;
    readonly random: random.Provider;
}

/** Buckets and database of a platform, made with its cluster: they stay when what stands on it is put up anew. */
export function storesOnAws(
    spec: PlatformSpec,
    cluster: EksClusterSpec,
    made: EksGpuCluster,
    providers: StoresProviders,
): CloudStores {
    const { data, tags } = spec;
    if (data === undefined) return {};
    const { region, clusterName } = cluster.eks;
    const shared = { region, kmsKeyArn: made.kmsKeyArn, protect: data.retain, tags: { ...tags } };
    const { objectStore, database } = data;
    const store =
        objectStore.kind === ObjectStoreKind.S3
            ? new S3Buckets(
                  "object-store",
                  { ...shared, clusterName, namePrefix: objectStore.bucketPrefix },
                  { providers: { aws: providers.aws } },
              ).store
            : undefined;
    if (database.kind !== DatabaseKind.Rds) return { ...(store && { store }) };
    const metadata = { name: DATA_NAMESPACE, labels: podSecurityLabels("restricted") };
    const namespace = new k8s.core.v1.Namespace(DATA_NAMESPACE, { metadata }, { provider: providers.kubernetes });
    const { server } = new RdsPostgres(
        "database",
        {
            ...shared,
            namespace: namespace.metadata.name,
            vpcId: made.vpcId,
            subnetIds: made.nodeSubnetIds.apply((subnets) => Object.values(subnets)),
            nodeSecurityGroupId: made.securityGroupId,
            identifier: clusterName,
            instanceClass: database.instanceClass,
            storageGiB: gibibytes(database.volumeSize),
            multiAz: database.multiAz,
        },
        { providers: { ...providers } },
    );
    return { ...(store && { store }), server };
}

/** What {@link storesOnAws} made in the stack of the cluster, as its output `stores` tells it. */
export function storesOfStack(
    { data, tags }: PlatformSpec,
    { eks }: EksClusterSpec,
    stores: pulumi.Output<CloudStores>,
): CloudStores {
    if (data === undefined) return {};
    const part = <T>(read: (stores: Required<CloudStores>) => pulumi.Input<T>) =>
        stores.apply((known) => read(known as Required<CloudStores>)) as pulumi.Output<T>;
    const store: ObjectStore = {
        kind: ObjectStoreKind.S3,
        region: eks.region,
        artifactsBucket: part((known) => known.store.artifactsBucket),
        backupsBucket: part((known) => known.store.backupsBucket),
        aws: {
            clusterName: eks.clusterName,
            kmsKeyArn: part((known) => known.store.aws?.kmsKeyArn ?? ""),
            tags: { ...tags },
        },
    };
    const server: DatabaseServer = {
        host: part((known) => known.server.host),
        port: POSTGRES_PORT,
        version: "17",
        caCertificates: part((known) => known.server.caCertificates),
        namespace: DATA_NAMESPACE,
        adminSecretName: part((known) => known.server.adminSecretName),
    };
    return {
        ...(data.objectStore.kind === ObjectStoreKind.S3 && { store }),
        ...(data.database.kind === DatabaseKind.Rds && { server }),
    };
}

/** RDS counts in GiB. */
function gibibytes(quantity: string): number {
    const [, number = "", unit = ""] = /^([\d.]+)(\D*)$/.exec(quantity) ?? [];
    const factor: Readonly<Record<string, number>> = {
        Ti: 1024,
        Gi: 1,
        Mi: 1 / 1024,
        T: 1e12 / 2 ** 30,
        G: 1e9 / 2 ** 30,
    };
    return Math.ceil(Number(number) * (factor[unit] ?? 1 / 2 ** 30));
}

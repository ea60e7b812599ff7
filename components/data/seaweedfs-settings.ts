import { SeaweedFsSpec } from "./seaweedfs-resolve";
import { DATA, RUN, TLS } from "./seaweedfs-script";

/** Parts of SeaweedFS with a gRPC port, as its configuration names them. */
const PARTS = ["MASTER", "VOLUME", "FILER", "S3", "CLIENT"];

/** Everything on loopback but S3, which is open to the cluster together with its gRPC port: that one takes mTLS. */
export function serverFlags({ volumes }: SeaweedFsSpec): string[] {
    return [
        "-logtostderr=true server",
        `-dir=${DATA}`,
        "-ip=127.0.0.1 -ip.bind=127.0.0.1",
        // One master elects itself; it would wait ten seconds for others.
        "-master.electionTimeout=1s -master.telemetry=false",
        `-master.volumeSizeLimitMB=${volumes.sizeMiB}`,
        `-volume.max=${volumes.count} -volume.preStopSeconds=1`,
        "-filer",
        `-s3 -s3.ip.bind=0.0.0.0 -s3.config=${RUN}/nobody.json -s3.iam=false`,
        "-s3.port.iceberg=0 -s3.port.lance=0",
        "-s3.allowDeleteBucketNotEmpty=false -s3.autoCreateBucket=false",
        // What is being uploaded lies in memory.
        "-s3.concurrentUploadLimitMB=128 -filer.concurrentUploadLimitMB=128",
    ];
}

export function tlsEnvironment(memory: string): { name: string; value: string }[] {
    return [
        { name: "WEED_GRPC_CA", value: `${TLS}/tls.crt` },
        ...PARTS.flatMap((part) => [
            { name: `WEED_GRPC_${part}_CERT`, value: `${TLS}/tls.crt` },
            { name: `WEED_GRPC_${part}_KEY`, value: `${TLS}/tls.key` },
        ]),
        // One file for each bucket at a time: seven, the default, are more than a small disk has.
        { name: "WEED_MASTER_VOLUME_GROWTH_COPY_1", value: "1" },
        { name: "GOMEMLIMIT", value: goMemoryLimit(memory) },
    ];
}

/** Go collects its garbage before the kernel ends it: the quantity's own number with a smaller unit, at seven eighths. */
export function goMemoryLimit(quantity: string): string {
    const [, digits, unit] = /^(\d+)(Mi|Gi)$/.exec(quantity) ?? [];
    const mebibytes = Number(digits ?? 1024) * (unit === "Gi" ? 1024 : 1);
    return `${Math.floor((mebibytes * 7) / 8)}MiB`;
}

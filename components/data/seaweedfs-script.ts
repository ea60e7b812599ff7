import { IDENTITY_PREFIX } from "./seaweedfs-identity";

/** Folders that the server's container sees. */
export const DATA = "/data";
export const RUN = "/run/seaweedfs";
export const TLS = "/etc/seaweedfs-tls";
export const API = "/etc/seaweedfs-api";
/** Stands while buckets and identities are what they should be. */
export const READY = `${RUN}/ready`;

/** Ports of master, volume server and filer: on loopback, where no other pod reaches them. */
const SHELL = "weed shell -master=127.0.0.1:9333.19333 -filer=127.0.0.1:8888.18888";

export interface ScriptFacts {
    readonly flags: readonly string[];
    readonly buckets: readonly string[];
    /** Secret that holds the identities. */
    readonly secretName: string;
}

/**
 * What the container runs: `weed` as its child, and beside it a watch on one Secret. Each change of the Secret replaces
 * all identities, so that one which is no longer there has no rights a second later. Keys reach `weed` through a file in
 * memory: never through a command line or a log.
 *
 * Without any identity SeaweedFS lets everybody in. That of nobody, with keys that nobody knows, sees to it that there is
 * one before the first request.
 */
export function serverScript({ flags, buckets, secretName }: ScriptFacts): string {
    const create = buckets.map((bucket) => `s3.bucket.create -name ${bucket}\\n`).join("");
    const present = buckets.map((bucket) => ` && printf '%s\\n' "$list" | grep -q "^ *${bucket}[[:space:]]"`).join("");
    return `set -u
umask 077
rm -f ${READY}
random() { od -An -N20 -tx1 /dev/urandom | tr -d ' \\n'; }
printf '{"identities":[{"name":"nobody","credentials":[{"accessKey":"%s","secretKey":"%s"}],"actions":[]}]}' \\
    "$(random)" "$(random)" > ${RUN}/nobody.json
weed ${flags.join(" ")} &
server=$!
trap 'kill -TERM $server' TERM INT

make_buckets() {
    until list=$(echo s3.bucket.list | ${SHELL} 2>/dev/null)${present}; do
        printf '${create}' | ${SHELL} > /dev/null 2>&1
        sleep 0.5
    done
}
# The data of one event of the watch, without anything else that the event tells.
identities() {
    tr ',{}' '\\n\\n\\n' | sed -n 's/^"${IDENTITY_PREFIX.replace(".", "\\.")}[a-z0-9-]*":"\\([A-Za-z0-9+/=]*\\)"$/\\1/p' |
        while read -r one; do printf '%s' "$one" | base64 -d; echo; done | paste -s -d , -
}
take() {
    printf '{"identities":[%s]}' "$(identities)" > ${RUN}/new.json
    if [ ! -e ${READY} ] || ! cmp -s ${RUN}/new.json ${RUN}/identities.json; then
        until echo 's3.iam.import -file ${RUN}/new.json -apply' | ${SHELL} 2>&1 | grep -q '^Imported'; do sleep 0.5; done
        mv ${RUN}/new.json ${RUN}/identities.json
        echo "identities: $(grep -o '"name"' ${RUN}/identities.json | wc -l)"
        touch ${READY}
    fi
}
watch_identities() {
    while :; do
        { printf 'header = "Authorization: Bearer '; tr -d '\\n' < ${API}/token; printf '"\\n'; } |
            curl -sSN --fail --config - --cacert ${API}/ca.crt --max-time 330 \\
                "https://kubernetes.default.svc/api/v1/namespaces/$NAMESPACE/secrets?watch=true&timeoutSeconds=300\\
&fieldSelector=metadata.name%3D${secretName}" |
            while read -r event; do printf '%s\\n' "$event" | take; done
        sleep 1
    done
}
{ make_buckets; watch_identities; } &

wait $server
code=$?
# A signal ends the first wait, and the server ends in its own time.
wait $server 2>/dev/null || code=$?
rm -f ${READY}
exit $code
`;
}

/** For work on the cluster itself: `npx tsx toolchain/cluster/main.ts up|down|purge|status`, programs from MLP_BIN. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { catalogue, referenceOf } from "../../images/catalogue";
import { clusterStatus, startCluster, stopCluster } from "./index";
import { ClusterBinary, ClusterError, ImageArchive } from "./types";

const commands: Readonly<Record<string, () => Promise<unknown>>> = {
    up: () => startCluster({ binaries: binaries(), images: images(), progress: console.log }),
    down: () => stopCluster({ purge: false }),
    purge: () => stopCluster({ purge: true }),
    status: clusterStatus,
};

function binaries(): Record<ClusterBinary, string> {
    const folder = resolve(process.env.MLP_BIN ?? "bin");
    const at = (name: string) => join(folder, name);
    return {
        coredns: at("coredns"),
        // `go build` names the program after the last folder of its import path.
        etcd: existsSync(at("etcd")) ? at("etcd") : at("server"),
        "kube-apiserver": at("kube-apiserver"),
        "kube-controller-manager": at("kube-controller-manager"),
        "kube-proxy": at("kube-proxy"),
        "kube-scheduler": at("kube-scheduler"),
        kubelet: at("kubelet"),
    };
}

/** Archives named after their entry in the catalogue, `<name>.tar`, from MLP_IMAGES. */
function images(): ImageArchive[] {
    const folder = process.env.MLP_IMAGES;
    if (folder === undefined) return [];
    return Object.entries(catalogue).flatMap(([name, entry]) => {
        const archive = join(resolve(folder), `${name}.tar`);
        if (!existsSync(archive)) return [];
        const digest = `sha256:${createHash("sha256").update(readFileSync(archive)).digest("hex")}`;
        return [{ reference: referenceOf(entry), archive, digest }];
    });
}

async function main(): Promise<void> {
    const command = commands[process.argv[2] ?? ""];
    if (command === undefined) throw new ClusterError(`Usage: main.ts ${Object.keys(commands).join("|")}`);
    console.log(JSON.stringify((await command()) ?? {}, undefined, 2));
}

main().catch((error: Error) => {
    console.error(error instanceof ClusterError ? error.message : error);
    process.exitCode = 1;
});

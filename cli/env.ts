import { dirname, delimiter } from "node:path";

import { progressOn } from "../toolchain/progress";
import { hasPassphrase, pulumiEnvironment } from "./engine";
import { enginePiecesFor, kubeconfigOf, runningCluster, specOf, tools, usersEnvironment } from "./local";
import { PLATFORM, workingCopy } from "./stack-files";

/** Prints what a POSIX shell needs so that plain `pulumi` and `kubectl` work: `eval "$(npm run --silent env)"`. */
export async function env({ env: stack }: { readonly env: string }): Promise<void> {
    const spec = specOf(stack, { locked: false });
    const { cluster } = spec;
    const users = usersEnvironment(spec);
    const made = await tools(progressOn(), enginePiecesFor(spec));
    const kubeconfig = cluster.kind === "embedded" ? (await runningCluster())?.kubeconfig : kubeconfigOf(cluster);
    // Our folders go in front of whatever PATH the shell has when it evaluates this.
    const { pulumiBin, pulumiHome } = made;
    const folders = [pulumiBin, dirname(made.binaries.kubectl)];
    console.log(`export PATH=${folders.map(quote).join(delimiter)}${delimiter}"$PATH"`);
    if (!hasPassphrase(users)) console.log("unset PULUMI_CONFIG_PASSPHRASE");
    const { PATH: _ours, ...variables } = pulumiEnvironment(
        { pulumiHome, pulumiBin },
        kubeconfig,
        workingCopy(PLATFORM, stack),
        users,
    );
    for (const [name, value] of Object.entries(variables)) console.log(`export ${name}=${quote(value)}`);
    if (cluster.kind === "embedded" && kubeconfig === undefined) {
        console.error("The embedded cluster is stopped: `npm run up` starts it, then print this again for KUBECONFIG.");
    }
    if (cluster.kind === "eks") {
        const { clusterName, region } = cluster.eks;
        console.error(`For kubectl: aws eks update-kubeconfig --name ${clusterName} --region ${region}`);
    }
}

/** A word of a POSIX shell. */
export function quote(text: string): string {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

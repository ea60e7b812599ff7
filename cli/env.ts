import { dirname, delimiter } from "node:path";

import { progressOn } from "../toolchain/progress";
import { pulumiEnvironment } from "./engine";
import { runningCluster, specOf, tools } from "./local";
import { PLATFORM, workingCopy } from "./stack-files";

/** Prints what a POSIX shell needs so that plain `pulumi` and `kubectl` work: `eval "$(npm run --silent env)"`. */
export async function env({ env: stack }: { readonly env: string }): Promise<void> {
    const { cluster } = specOf(stack);
    const made = await tools(progressOn(), [
        "language-host",
        "provider-kubernetes",
        "provider-random",
        "provider-tls",
        "pulumi",
        "kubernetes",
    ]);
    const kubeconfig = cluster.kind === "embedded" ? (await runningCluster())?.kubeconfig : cluster.kubeconfig;
    const { PATH, ...variables } = pulumiEnvironment(made, kubeconfig, workingCopy(PLATFORM, stack));
    const folders = [made.pulumiBin, dirname(made.binaries.kubectl)].filter((folder) => folder !== undefined);
    void PATH;
    console.log(`export PATH=${folders.map(quote).join(delimiter)}${delimiter}"$PATH"`);
    for (const [name, value] of Object.entries(variables)) console.log(`export ${name}=${quote(value)}`);
    if (cluster.kind === "embedded" && kubeconfig === undefined) {
        console.error("The embedded cluster is stopped: `npm run up` starts it, then print this again for KUBECONFIG.");
    }
}

function quote(text: string): string {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

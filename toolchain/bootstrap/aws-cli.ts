import { cacheDir } from "../paths";
import { withLock } from "./lock";
import { providerPlugin } from "./plugin-kinds";
import type { PluginKind } from "./plugin-kinds";
import { isCurrentStandIn, placeStandIn } from "./stand-in";

/**
 * Places the simulated `aws` command, which a kubeconfig for EKS calls for a token.
 *
 * @returns the folder to put before everything else on the PATH, where the aws plugin is the simulator.
 */
export async function placeAwsCli(signal: AbortSignal): Promise<string> {
    const folder = cacheDir("simulated-aws-cli");
    const simulator = providerPlugin("aws");
    const kind: PluginKind = {
        ...simulator,
        title: "AWS CLI",
        executable: "aws",
        main: simulator.main.replace(/main\.ts$/, "cli.ts"),
    };
    return withLock(cacheDir("locks", "simulated-aws-cli"), { signal, onWait: () => undefined }, async () => {
        if (!isCurrentStandIn(folder, kind)) await placeStandIn(folder, kind);
        return folder;
    });
}

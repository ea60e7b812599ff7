import { basename, join } from "node:path";

import { Component } from "../component";
import { node } from "../layout";
import { HEALTH_PORT } from "./enforcer";

/** Pods start after it: at no moment is one on the network whose policies are not in force. */
export function networkPolicyStandIn(programs: string): Component {
    // The folder of the programs as it is seen inside, wherever the state lies on the host.
    const program = join(node.state, "run", basename(programs), "network-policy-stand-in.js");
    return {
        name: "network-policy-stand-in",
        program: process.execPath,
        args: ["--max-old-space-size=64", program],
        env: {},
        files: {},
        ready: { url: `http://127.0.0.1:${HEALTH_PORT}/healthz` },
        after: ["kube-apiserver"],
    };
}

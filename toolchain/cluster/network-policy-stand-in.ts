/**
 * Enforces NetworkPolicies on the embedded cluster, as a network plugin does elsewhere: a stand-in. Runs inside the
 * namespaces. Bundled by bundle.ts.
 */
import { Enforcer } from "./network-policies/enforcer";

new Enforcer((line) => console.log(`${new Date().toISOString()} ${line}`)).run();

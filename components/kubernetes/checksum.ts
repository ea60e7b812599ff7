import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";

/**
 * Tells secrets from others, and nothing else about them: an annotation of pods that read them only at their start. No
 * secret itself, so that a preview shows the change.
 */
export function checksumOf(...secrets: pulumi.Input<string>[]): pulumi.Output<string> {
    const text = pulumi.all(secrets).apply((all) => createHash("sha256").update(all.join("\n")).digest("hex"));
    return pulumi.unsecret(text);
}

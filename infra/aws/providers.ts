import * as aws from "@pulumi/aws/provider";

import { EksClusterSpec, PlatformSpec } from "../spec";

/** The one AWS provider: its account and region are the stack file's, never the shell's, and it tags everything. */
export function awsProvider({ account, eks }: EksClusterSpec, tags: PlatformSpec["tags"]): aws.Provider {
    return new aws.Provider("aws", {
        region: eks.region,
        allowedAccountIds: [account],
        defaultTags: { tags: { ...tags } },
    });
}

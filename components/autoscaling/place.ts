/** Where a cluster is, as ARNs say it. */
export interface Place {
    readonly partition: string;
    readonly region: string;
    readonly account: string;
    readonly clusterName: string;
}

/** A role's ARN names partition and account: nothing has to be asked of AWS. */
export function placeOf(roleArn: string, region: string, clusterName: string): Place {
    const [, partition, , , account] = roleArn.split(":");
    if (partition === undefined || account === undefined) throw new Error(`${roleArn} is not the ARN of a role`);
    return { partition, region, account, clusterName };
}

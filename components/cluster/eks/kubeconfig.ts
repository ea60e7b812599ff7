/** How a client reaches and trusts an EKS cluster. */
export interface ClusterAccess {
    readonly clusterName: string;
    readonly region: string;
    readonly endpoint: string;
    /** PEM in base64. */
    readonly certificateAuthority: string;
}

/**
 * A kubeconfig with no key in it: the AWS CLI signs a token with whatever credentials its user has, for 15 minutes.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html
 */
export function kubeconfigOf({ clusterName, region, endpoint, certificateAuthority }: ClusterAccess): string {
    const args = ["eks", "get-token", "--output", "json", "--cluster-name", clusterName, "--region", region];
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [
            { name: clusterName, cluster: { server: endpoint, "certificate-authority-data": certificateAuthority } },
        ],
        users: [
            {
                name: clusterName,
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1",
                        command: "aws",
                        args,
                        // A pipeline has nobody to ask.
                        interactiveMode: "Never",
                    },
                },
            },
        ],
        contexts: [{ name: clusterName, context: { cluster: clusterName, user: clusterName } }],
        "current-context": clusterName,
    });
}

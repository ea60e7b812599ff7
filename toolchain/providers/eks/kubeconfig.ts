/** The kubeconfig that the official component computes: it calls the `aws` command for a token. */
export function kubeconfigOf(clusterName: string, endpoint: string, certificateAuthority: string, arn: string): object {
    const region = arn.split(":")[3] ?? "";
    return {
        apiVersion: "v1",
        clusters: [
            {
                cluster: { server: endpoint, "certificate-authority-data": certificateAuthority },
                name: "kubernetes",
            },
        ],
        contexts: [{ context: { cluster: "kubernetes", user: "aws" }, name: "aws" }],
        "current-context": "aws",
        kind: "Config",
        users: [{ name: "aws", user: { exec: execOf(clusterName, region) } }],
    };
}

function execOf(clusterName: string, region: string): object {
    return {
        apiVersion: "client.authentication.k8s.io/v1beta1",
        command: "aws",
        args: ["--region", region, "eks", "get-token", "--cluster-name", clusterName, "--output", "json"],
        env: [{ name: "KUBERNETES_EXEC_INFO", value: '{"apiVersion": "client.authentication.k8s.io/v1beta1"}' }],
    };
}

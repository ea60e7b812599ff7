import { readFileSync } from "node:fs";

import * as k8s from "@pulumi/kubernetes";
import * as tls from "@pulumi/tls";

import { ExistingCluster, WebhookCertificate } from "../../../../components/index";

const cluster = new ExistingCluster("cluster", {
    clusterName: "test",
    kubeconfig: readFileSync(process.env.KUBECONFIG ?? "", "utf8"),
    kubernetesVersion: "1.36",
});
const namespace = new k8s.core.v1.Namespace(
    "certificate-test",
    { metadata: { name: "certificate-test" } },
    { provider: cluster.provider },
);
const certificate = new WebhookCertificate(
    "webhook",
    {
        namespace: namespace.metadata.name,
        serviceName: "webhook",
        // Due from its first second on.
        lifetime: { validityHours: 2, renewBeforeHours: 2 },
    },
    { providers: { kubernetes: cluster.provider, tls: new tls.Provider("tls") } },
);
export const validUntil = certificate.validUntil;

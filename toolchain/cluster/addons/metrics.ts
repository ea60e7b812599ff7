import { catalogue, referenceOf } from "../../../images/catalogue";
import { AddonObject, bindServiceAccount, object, restrictedContainer, restrictedPod } from "./objects";

const NAME = "metrics-server";
const NAMESPACE = "kube-system";
const CERTIFICATE = "metrics-server-tls";
const account = { namespace: NAMESPACE, name: NAME };
const labels = { "k8s-app": NAME };

/** PEM texts of the server's certificate and of who signed it. */
export interface MetricsCertificate {
    readonly authority: string;
    readonly certificate: string;
    readonly key: string;
}

/**
 * The metrics server, for `kubectl top` and the horizontal autoscaler. Unlike upstream's manifest, the API server checks
 * its certificate, and it checks the kubelet's.
 *
 * @see https://github.com/kubernetes-sigs/metrics-server
 */
export function metrics(tls: MetricsCertificate): AddonObject[] {
    return [
        object("ServiceAccount", { metadata: account }),
        ...rights(),
        object("Secret", {
            metadata: { name: CERTIFICATE, namespace: NAMESPACE },
            type: "kubernetes.io/tls",
            data: { "tls.crt": base64(tls.certificate), "tls.key": base64(tls.key) },
        }),
        object("Service", {
            metadata: { ...account, labels },
            spec: { selector: labels, ports: [{ name: "https", port: 443, targetPort: "https", protocol: "TCP" }] },
        }),
        server(),
        object("APIService", {
            metadata: { name: "v1beta1.metrics.k8s.io", labels },
            spec: {
                group: "metrics.k8s.io",
                version: "v1beta1",
                service: account,
                caBundle: base64(tls.authority),
                groupPriorityMinimum: 100,
                versionPriority: 100,
            },
        }),
    ];
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

function rights(): AddonObject[] {
    const read = ["get", "list", "watch"];
    const aggregate = (role: string) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, "true"] as const;
    return [
        object("ClusterRole", {
            metadata: {
                name: "system:aggregated-metrics-reader",
                labels: Object.fromEntries(["view", "edit", "admin"].map(aggregate)),
            },
            rules: [{ apiGroups: ["metrics.k8s.io"], resources: ["pods", "nodes"], verbs: read }],
        }),
        object("ClusterRole", {
            metadata: { name: "system:metrics-server" },
            rules: [
                { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
                { apiGroups: [""], resources: ["pods", "nodes"], verbs: read },
            ],
        }),
        bindServiceAccount(
            "system:metrics-server",
            { kind: "ClusterRole", name: "system:metrics-server" },
            account,
            "cluster",
        ),
        bindServiceAccount(
            "metrics-server:system:auth-delegator",
            { kind: "ClusterRole", name: "system:auth-delegator" },
            account,
            "cluster",
        ),
        bindServiceAccount(
            "metrics-server-auth-reader",
            { kind: "Role", name: "extension-apiserver-authentication-reader" },
            account,
            "namespace",
        ),
    ];
}

function server(): AddonObject {
    const image = catalogue["metrics-server"];
    const probe = (path: string) => ({ httpGet: { path, port: "https", scheme: "HTTPS" } });
    return object("Deployment", {
        metadata: { ...account, labels },
        spec: {
            replicas: 1,
            selector: { matchLabels: labels },
            template: {
                metadata: { labels },
                spec: {
                    serviceAccountName: NAME,
                    priorityClassName: "system-cluster-critical",
                    securityContext: { ...restrictedPod(image.user), fsGroup: image.user },
                    containers: [
                        {
                            name: NAME,
                            image: referenceOf(image),
                            imagePullPolicy: "IfNotPresent",
                            args: [
                                "--secure-port=10250",
                                "--tls-cert-file=/etc/tls/tls.crt",
                                "--tls-private-key-file=/etc/tls/tls.key",
                                "--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
                                "--kubelet-preferred-address-types=InternalIP",
                                "--kubelet-use-node-status-port",
                                "--metric-resolution=15s",
                            ],
                            ports: [{ name: "https", containerPort: 10250, protocol: "TCP" }],
                            livenessProbe: { ...probe("/livez"), periodSeconds: 10, failureThreshold: 3 },
                            readinessProbe: { ...probe("/readyz"), periodSeconds: 5, failureThreshold: 3 },
                            securityContext: restrictedContainer,
                            resources: { requests: { cpu: "20m", memory: "48Mi" }, limits: { memory: "192Mi" } },
                            volumeMounts: [{ name: "tls", mountPath: "/etc/tls", readOnly: true }],
                        },
                    ],
                    volumes: [{ name: "tls", secret: { secretName: CERTIFICATE, defaultMode: 0o440 } }],
                },
            },
        },
    });
}

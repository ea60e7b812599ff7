import { catalogue, referenceOf } from "../../../images/catalogue";
import { node } from "../layout";
import { AddonObject, bindServiceAccount, object, restrictedContainer, restrictedPod } from "./objects";

const NAME = "local-path-provisioner";
const NAMESPACE = "local-path-storage";
const CONFIG = "local-path-config";
const account = { namespace: NAMESPACE, name: NAME };

/**
 * Rancher's local-path provisioner: a folder of the node for every claim, and the default StorageClass.
 *
 * @see https://github.com/rancher/local-path-provisioner
 */
export function storage(): AddonObject[] {
    return [
        object("Namespace", {
            // Its helper pods mount the node's folder, which no other level allows.
            metadata: { name: NAMESPACE, labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
        }),
        object("ServiceAccount", { metadata: account }),
        object("Role", {
            metadata: account,
            rules: [
                {
                    apiGroups: [""],
                    resources: ["pods"],
                    verbs: ["get", "list", "watch", "create", "patch", "update", "delete"],
                },
            ],
        }),
        object("ClusterRole", { metadata: { name: NAME }, rules: clusterRules() }),
        bindServiceAccount(NAME, { kind: "Role", name: NAME }, account, "namespace"),
        bindServiceAccount(NAME, { kind: "ClusterRole", name: NAME }, account, "cluster"),
        object("ConfigMap", { metadata: { name: CONFIG, namespace: NAMESPACE }, data: settings() }),
        object("StorageClass", {
            metadata: {
                name: "local-path",
                annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
            },
            provisioner: "rancher.io/local-path",
            volumeBindingMode: "WaitForFirstConsumer",
            reclaimPolicy: "Delete",
        }),
        provisioner(),
    ];
}

function clusterRules() {
    const read = ["get", "list", "watch"];
    return [
        {
            apiGroups: [""],
            resources: ["nodes", "persistentvolumeclaims", "configmaps", "pods", "pods/log"],
            verbs: read,
        },
        {
            apiGroups: [""],
            resources: ["persistentvolumes"],
            verbs: [...read, "create", "patch", "update", "delete"],
        },
        { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
        { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: read },
    ];
}

function settings(): Record<string, string> {
    const paths = [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: [node.volumes] }];
    return {
        "config.json": JSON.stringify({ nodePathMap: paths }),
        setup: '#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"\n',
        teardown: '#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"\n',
        "helperPod.yaml": JSON.stringify(helperPod()),
    };
}

/** Makes and removes the folders: as root, for they belong to any user, and with nothing but the rights for that. */
function helperPod() {
    const image = referenceOf(catalogue["debian-trixie"]);
    const capabilities = { drop: ["ALL"], add: ["DAC_OVERRIDE", "FOWNER"] };
    return {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "helper-pod" },
        spec: {
            priorityClassName: "system-node-critical",
            automountServiceAccountToken: false,
            terminationGracePeriodSeconds: 0,
            securityContext: { seccompProfile: { type: "RuntimeDefault" } },
            containers: [
                {
                    name: "helper-pod",
                    image,
                    imagePullPolicy: "IfNotPresent",
                    securityContext: { ...restrictedContainer, capabilities },
                    resources: { requests: { cpu: "5m", memory: "8Mi" }, limits: { memory: "64Mi" } },
                },
            ],
        },
    };
}

function provisioner(): AddonObject {
    const labels = { "app.kubernetes.io/name": NAME };
    const image = catalogue["local-path-provisioner"];
    return object("Deployment", {
        metadata: { name: NAME, namespace: NAMESPACE, labels },
        spec: {
            replicas: 1,
            strategy: { type: "Recreate" },
            selector: { matchLabels: labels },
            template: {
                metadata: { labels },
                spec: {
                    serviceAccountName: NAME,
                    priorityClassName: "system-cluster-critical",
                    securityContext: restrictedPod(image.user),
                    containers: [
                        {
                            name: NAME,
                            image: referenceOf(image),
                            imagePullPolicy: "IfNotPresent",
                            args: ["start", "--config", "/etc/config/config.json", "--service-account-name", NAME],
                            env: [
                                { name: "POD_NAMESPACE", value: NAMESPACE },
                                { name: "CONFIG_MOUNT_PATH", value: "/etc/config/" },
                            ],
                            securityContext: restrictedContainer,
                            resources: { requests: { cpu: "5m", memory: "24Mi" }, limits: { memory: "128Mi" } },
                            volumeMounts: [{ name: "config", mountPath: "/etc/config/", readOnly: true }],
                        },
                    ],
                    volumes: [{ name: "config", configMap: { name: CONFIG } }],
                },
            },
        },
    });
}

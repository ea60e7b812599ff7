import { Rule } from "../rule";
import { namespacePodSecurity } from "./namespaces/podSecurity";
import { capabilities } from "./pods/capabilities";
import { gpu } from "./pods/gpu";
import { hostNamespaces } from "./pods/hostNamespaces";
import { hostPath } from "./pods/hostPath";
import { hostPort } from "./pods/hostPort";
import { imageDigest, imageTag } from "./pods/image";
import { literalSecrets } from "./pods/literalSecrets";
import { privileged } from "./pods/privileged";
import { privilegeEscalation } from "./pods/privilegeEscalation";
import { readOnlyRoot } from "./pods/readOnlyRoot";
import { resources } from "./pods/resources";
import { runAsNonRoot } from "./pods/runAsNonRoot";
import { seccomp } from "./pods/seccomp";
import { rbacClusterAdmin } from "./rbac/clusterAdmin";
import { rbacEscalation, rbacWildcards } from "./rbac/rules";
import { webhookFailurePolicy } from "./webhooks/failurePolicy";
import { webhookScope } from "./webhooks/scope";
import { webhookTimeout } from "./webhooks/timeout";

/** The rules of the pack, in the order of the documentation. */
export const RULES: readonly Rule[] = [
    privileged,
    runAsNonRoot,
    privilegeEscalation,
    capabilities,
    seccomp,
    readOnlyRoot,
    hostPath,
    hostNamespaces,
    hostPort,
    resources,
    gpu,
    imageTag,
    imageDigest,
    literalSecrets,
    namespacePodSecurity,
    rbacWildcards,
    rbacEscalation,
    rbacClusterAdmin,
    webhookFailurePolicy,
    webhookTimeout,
    webhookScope,
];

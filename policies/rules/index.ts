import { Rule } from "../rule";
import { prodBudget } from "./cost/budget";
import { requiredTags } from "./cost/tags";
import { eksAddonVersion, eksNetworkPolicy } from "./eks/addons";
import { eksAdmins } from "./eks/admins";
import { eksAuthenticationMode, eksCreatorAdmin } from "./eks/authentication";
import { eksDeletionProtection } from "./eks/deletionProtection";
import { eksSecretsEncryption } from "./eks/encryption";
import { eksPrivateEndpoint, eksPublicEndpoint } from "./eks/endpoint";
import { eksLogs } from "./eks/logs";
import { eksStandardSupport, eksVersion, eksVersionEnds } from "./eks/version";
import { iamAdministrators } from "./iam/administrators";
import { iamLongLived } from "./iam/longLived";
import { iamNodeRole } from "./iam/nodeRole";
import { iamOidcTrust, iamPodIdentityTrust, iamTrustEveryone } from "./iam/trust";
import { iamPassRole, iamWildcards } from "./iam/wildcards";
import { namespacePodSecurity } from "./namespaces/podSecurity";
import { vpcFlowLogs } from "./network/flowLogs";
import { worldIngress } from "./network/ingress";
import { metadataEgress } from "./network/metadata";
import { privateNodes } from "./network/privateNodes";
import { nodeRemoteAccess } from "./nodes/access";
import { nodeImage } from "./nodes/ami";
import { nodeInstanceClass, nodeOnDemand } from "./nodes/instances";
import { nodeDisks, nodeLaunchTemplate, nodeMetadataHops, nodeMetadataTokens } from "./nodes/launchTemplate";
import { nodeGroupSize } from "./nodes/size";
import { nodeGpuTaint } from "./nodes/taints";
import { defaultAccount } from "./pods/account";
import { capabilities } from "./pods/capabilities";
import { gpu } from "./pods/gpu";
import { hostNamespaces } from "./pods/hostNamespaces";
import { hostPath } from "./pods/hostPath";
import { hostPort } from "./pods/hostPort";
import { imageDigest, imageTag } from "./pods/image";
import { literalSecrets } from "./pods/literalSecrets";
import { privilegeEscalation } from "./pods/privilegeEscalation";
import { privileged } from "./pods/privileged";
import { readOnlyRoot } from "./pods/readOnlyRoot";
import { resources } from "./pods/resources";
import { runAsNonRoot } from "./pods/runAsNonRoot";
import { seccomp } from "./pods/seccomp";
import { rbacClusterAdmin } from "./rbac/clusterAdmin";
import { rbacEscalation, rbacWildcards } from "./rbac/rules";
import { argoServerAuth, argoTemplateReferencing } from "./services/argo";
import { databaseManaged } from "./services/databaseServers";
import { mlflowAuth, mlflowDatabase, mlflowHosts } from "./services/mlflow";
import { staticObjectKeys } from "./services/objectKeys";
import {
    bucketEncryption,
    bucketForceDestroy,
    bucketLifecycle,
    bucketPublicAccess,
    bucketTls,
    bucketVersioning,
} from "./storage/buckets";
import {
    databaseBackups,
    databaseDeletionProtection,
    databaseEncryption,
    databaseFinalSnapshot,
    databaseMultiAz,
    databasePrivate,
    databaseTls,
} from "./storage/databases";
import { fileSystemEncryption } from "./storage/fileSystems";
import { kmsRotation } from "./storage/keys";
import { logEncryption, logRetention } from "./storage/logGroups";
import { statefulProtected } from "./storage/protection";
import { queueEncryption } from "./storage/queues";
import { registryEncryption, registryScan, registryTags } from "./storage/registries";
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
    staticObjectKeys,
    defaultAccount,
    namespacePodSecurity,
    rbacWildcards,
    rbacEscalation,
    rbacClusterAdmin,
    webhookFailurePolicy,
    webhookTimeout,
    webhookScope,
    argoServerAuth,
    argoTemplateReferencing,
    mlflowAuth,
    mlflowHosts,
    mlflowDatabase,
    databaseManaged,
    eksPublicEndpoint,
    eksPrivateEndpoint,
    eksLogs,
    eksSecretsEncryption,
    eksAuthenticationMode,
    eksCreatorAdmin,
    eksVersion,
    eksVersionEnds,
    eksStandardSupport,
    eksDeletionProtection,
    eksAdmins,
    eksAddonVersion,
    eksNetworkPolicy,
    nodeLaunchTemplate,
    nodeMetadataTokens,
    nodeMetadataHops,
    nodeDisks,
    nodeRemoteAccess,
    nodeImage,
    nodeGpuTaint,
    nodeGroupSize,
    nodeInstanceClass,
    nodeOnDemand,
    privateNodes,
    worldIngress,
    vpcFlowLogs,
    metadataEgress,
    iamWildcards,
    iamPassRole,
    iamAdministrators,
    iamLongLived,
    iamTrustEveryone,
    iamOidcTrust,
    iamPodIdentityTrust,
    iamNodeRole,
    kmsRotation,
    logRetention,
    logEncryption,
    bucketPublicAccess,
    bucketEncryption,
    bucketVersioning,
    bucketTls,
    bucketForceDestroy,
    bucketLifecycle,
    registryTags,
    registryScan,
    registryEncryption,
    queueEncryption,
    fileSystemEncryption,
    databaseEncryption,
    databasePrivate,
    databaseTls,
    databaseBackups,
    databaseMultiAz,
    databaseDeletionProtection,
    databaseFinalSnapshot,
    statefulProtected,
    requiredTags,
    prodBudget,
];

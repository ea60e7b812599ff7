import { propertyOf, unless } from "../../aws/resources";
import { awsDocs } from "../../references";
import { rule } from "../../rule";

const ACCESS_ENTRIES = awsDocs(
    "Grant IAM users access to Kubernetes with EKS access entries",
    "eks/latest/userguide/access-entries.html",
);

export const eksAuthenticationMode = rule({
    id: "eks-api-authentication",
    title: "Access to the cluster is granted through EKS access entries alone",
    level: "mandatory",
    severity: "high",
    why: "The older aws-auth ConfigMap lets whoever edits it become administrator, unseen by IAM.",
    fix: "Set `accessConfig.authenticationMode: API`; AWS's default still reads the ConfigMap.",
    references: [ACCESS_ENTRIES],
    places: propertyOf("aws:eks/cluster:Cluster", "accessConfig"),
    judge: (access) => unless(access.field("authenticationMode"), ["API"]),
});

export const eksCreatorAdmin = rule({
    id: "eks-no-creator-admin",
    title: "Whoever created the cluster is not its hidden administrator",
    level: "advisory",
    severity: "medium",
    why: "The right is listed nowhere in the program; AWS grants it by default.",
    fix: "Set `accessConfig.bootstrapClusterCreatorAdminPermissions: false` where the component in use allows it.",
    references: [ACCESS_ENTRIES],
    places: propertyOf("aws:eks/cluster:Cluster", "accessConfig"),
    judge: (access) => unless(access.field("bootstrapClusterCreatorAdminPermissions"), [false]),
});

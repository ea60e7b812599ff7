import { propertyOf, required } from "../../aws/resources";
import { cisEks, securityHub } from "../../references";
import { rule } from "../../rule";

export const eksSecretsEncryption = rule({
    id: "eks-secrets-encrypted",
    title: "Kubernetes secrets are encrypted with a key of our own",
    level: "mandatory",
    severity: "high",
    why: "Under AWS's own key nobody can see who decrypted a secret, nor take the key away.",
    fix: "Set `encryptionConfig` with `resources: [secrets]` and the ARN of a KMS key.",
    references: [
        securityHub("EKS.3", "EKS clusters should use encrypted Kubernetes secrets"),
        cisEks("5.3.1", "Ensure Kubernetes Secrets are encrypted using Customer Master Keys (CMKs) managed in AWS KMS"),
    ],
    places: propertyOf("aws:eks/cluster:Cluster", "encryptionConfig"),
    judge: (config) => {
        const resources = config.field("resources");
        if (!resources.includes("secrets")) return { at: resources, allowed: "a list with secrets" };
        return required(config.field("provider").field("keyArn"), "the ARN of a KMS key");
    },
});

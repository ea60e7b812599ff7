import { propertyOf } from "../../aws/resources";
import { cisEks, securityHub } from "../../references";
import { rule } from "../../rule";

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

export const eksLogs = rule({
    id: "eks-control-plane-logs",
    title: "The control plane writes all five of its logs",
    level: "mandatory",
    severity: "medium",
    why: "AWS writes none unless asked; who did what can then never be found out.",
    fix: `Set \`enabledClusterLogTypes\` to ${LOG_TYPES.join(", ")}.`,
    references: [
        securityHub("EKS.8", "EKS clusters should have audit logging enabled"),
        cisEks("2.1.1", "Enable audit Logs"),
    ],
    places: propertyOf("aws:eks/cluster:Cluster", "enabledClusterLogTypes"),
    judge: (at) => {
        const missing = LOG_TYPES.filter((type) => !at.includes(type));
        return missing.length === 0 ? undefined : { at, allowed: `also ${missing.join(", ")}` };
    },
});

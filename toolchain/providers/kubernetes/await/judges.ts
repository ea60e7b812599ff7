import { JsonObject } from "../../base/json";
import { groupKind } from "../immutable";
import * as others from "./others";
import * as services from "./services";
import { Judge } from "./verdict";
import * as workloads from "./workloads";

/** What being ready means, by group and kind. A kind that is not here is ready as soon as it exists. */
const JUDGES: Readonly<Record<string, Judge>> = {
    "apiextensions.k8s.io/CustomResourceDefinition": others.customResourceDefinition,
    "apiregistration.k8s.io/APIService": others.apiService,
    "apps/DaemonSet": workloads.daemonSet,
    "apps/Deployment": workloads.deployment,
    "apps/ReplicaSet": workloads.replicaSet,
    "apps/StatefulSet": workloads.statefulSet,
    "batch/Job": workloads.job,
    "core/Namespace": others.namespace,
    "core/PersistentVolume": others.persistentVolume,
    "core/PersistentVolumeClaim": others.persistentVolumeClaim,
    "core/Pod": workloads.pod,
    "core/ReplicationController": others.replicationController,
    "core/ResourceQuota": others.resourceQuota,
    "core/Secret": others.secret,
    "core/Service": services.service,
    "networking.k8s.io/Ingress": services.ingress,
};

export function judgeOf(object: JsonObject): Judge | undefined {
    return JUDGES[groupKind(object)];
}

import * as pulumi from "@pulumi/pulumi";

import { ModelRegistry, ObjectStore } from "../contracts";

/** What the platform's services are to a team. */
export interface Services {
    readonly store: ObjectStore;
    readonly registry?: ModelRegistry | undefined;
    /** `host:port`. */
    readonly argoServer?: string | undefined;
}

/** The environment of clients: the variables that boto3, MLflow, Hera and Argo's own client read. No secrets. */
export function environmentOf(
    namespace: pulumi.Input<string>,
    objectPrefix: string,
    { store, registry, argoServer }: Services,
): { [name: string]: pulumi.Input<string> } {
    return {
        AWS_REGION: store.region,
        ...(store.endpoint !== undefined && { AWS_ENDPOINT_URL_S3: store.endpoint }),
        MLP_ARTIFACTS_BUCKET: store.artifactsBucket,
        MLP_OBJECT_PREFIX: objectPrefix,
        ...(registry !== undefined && {
            MLFLOW_TRACKING_URI: registry.trackingUri,
            MLFLOW_TRACKING_AUTH: registry.trackingAuth,
            MLFLOW_WORKSPACE: namespace,
            // Its client warns at length of a git that images do without.
            GIT_PYTHON_REFRESH: "quiet",
        }),
        ...(argoServer !== undefined && { ARGO_SERVER: argoServer, ARGO_NAMESPACE: namespace }),
    };
}

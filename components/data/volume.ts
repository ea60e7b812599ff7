/** The volume of a server in the cluster. */
export interface DataVolumeArgs {
    /** Kubernetes quantity, such as `10Gi`. */
    size?: string;
    /** Default: the cluster's default class. */
    storageClass?: string;
    /** Keep the volume when the server is deleted. Default: false. */
    retain?: boolean;
}

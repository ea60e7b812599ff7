/** What a team may use at a time. */
export interface TeamQuota {
    /** Cores that its pods may request together. Default: `16`. */
    cpu?: string;
    /** Memory that they may request together. Default: `64Gi`. */
    memory?: string;
    /** Sum of their memory limits. Default: twice `memory`. */
    memoryLimit?: string;
    /** GPUs of each kind by the resource's name; a kind left out is not limited. Default: 4 of `nvidia.com/gpu`. */
    gpus?: { [resource: string]: number };
    /** Pods that have not ended. Default: 100. */
    pods?: number;
    /** Size of all volumes together. Default: `200Gi`. */
    storage?: string;
    /** PersistentVolumeClaims. Default: 20. */
    volumes?: number;
    /**
     * Objects by their plural and group, such as `jobs.batch`; what is given changes the default. Custom kinds are
     * refused until the quota has counted them, minutes after their definition. Default: 500 `jobs.batch` and
     * `configmaps`, 200 `secrets`, 100 `services`.
     */
    objects?: { [kind: string]: number };
}

/** What a container gets that says nothing of its own. */
export interface ContainerDefaults {
    /** Cores requested. Default: `100m`. */
    cpu?: string;
    /** Memory requested. Default: `256Mi`. */
    memory?: string;
    /** Memory limit; whoever requests more must set a limit too. Default: `1Gi`. */
    memoryLimit?: string;
}

/** Who belongs to a team, as the cluster's API server names them: by its OIDC provider, its certificates or EKS's access entries. */
export interface TeamMembers {
    /** Default: none. */
    users?: string[];
    /** Default: none. */
    groups?: string[];
}

/** Where a team's pods may connect to besides one another, DNS, the API server and the platform's services. */
export interface TeamNetwork {
    /** Addresses outside private ranges: packages, public models, AWS's own endpoints. Default: true. */
    internet?: boolean;
    /** Ranges of addresses where the API server answers. Default: anywhere on its ports 443 and 6443. */
    apiServer?: string[];
    /** More ranges, on every port: a data source in the company's network, interface endpoints. Default: none. */
    ranges?: string[];
}

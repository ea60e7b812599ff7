/**
 * Until when EKS supports which Kubernetes version; a test holds this table and that of the components together.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
 */
export interface EksVersion {
    readonly version: string;
    /** Last day of standard support. */
    readonly standardEnds: string;
}

export const EKS_VERSIONS: readonly EksVersion[] = [
    { version: "1.33", standardEnds: "2026-07-29" },
    { version: "1.34", standardEnds: "2026-12-02" },
    { version: "1.35", standardEnds: "2027-03-27" },
    { version: "1.36", standardEnds: "2027-08-02" },
];

/**
 * When EKS supports which Kubernetes version.
 *
 * Source: AWS's EKS release calendar as kept by endoflife.date (products/amazon-eks), read in August 2026, and AWS's
 * own page for 1.34 and older. 1.37 was not found announced on 23 November 2026; add a line when it is.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
 */
export interface KubernetesSupport {
    readonly version: string;
    /** Day of its release on EKS. */
    readonly released: string;
    /** Last day of standard support; afterwards the control plane costs six times as much. */
    readonly standardEnds: string;
    /** Last day before AWS upgrades the control plane by force. */
    readonly extendedEnds: string;
}

export const KUBERNETES_SUPPORT: readonly KubernetesSupport[] = [
    { version: "1.33", released: "2025-05-29", standardEnds: "2026-07-29", extendedEnds: "2027-07-29" },
    { version: "1.34", released: "2025-10-02", standardEnds: "2026-12-02", extendedEnds: "2027-12-02" },
    { version: "1.35", released: "2026-01-28", standardEnds: "2027-03-27", extendedEnds: "2028-03-27" },
    { version: "1.36", released: "2026-06-02", standardEnds: "2027-08-02", extendedEnds: "2028-08-02" },
];

/** Versions in standard support on a day (`2026-11-24`), oldest first. Days as text compare like days. */
export function supportedOn(day: string): readonly KubernetesSupport[] {
    return KUBERNETES_SUPPORT.filter(({ released, standardEnds }) => released <= day && day <= standardEnds);
}

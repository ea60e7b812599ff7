import { PolicyComplianceFramework } from "@pulumi/policy";

/** The passage of a public standard that asks for a rule. */
export interface Reference extends PolicyComplianceFramework {
    readonly url: string;
}

/** Kubernetes Pod Security Standards. */
export function pss(profile: "Baseline" | "Restricted", control: string): Reference {
    const url = `https://kubernetes.io/docs/concepts/security/pod-security-standards/#${profile.toLowerCase()}`;
    return { name: "Pod Security Standards", version: "1.36", reference: profile, specification: control, url };
}

/** CIS Kubernetes Benchmark. */
export function cis(section: string, recommendation: string): Reference {
    return {
        name: "CIS Kubernetes Benchmark",
        version: "1.10",
        reference: section,
        specification: recommendation,
        url: "https://www.cisecurity.org/benchmark/kubernetes",
    };
}

/** NSA/CISA Kubernetes Hardening Guidance. */
export function nsa(chapter: string): Reference {
    return {
        name: "NSA/CISA Kubernetes Hardening Guidance",
        version: "1.2",
        reference: chapter,
        specification: chapter,
        url: "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
    };
}

/** A page of the Kubernetes documentation, where no standard has a passage. */
export function kubernetesDocs(title: string, path: string): Reference {
    return {
        name: "Kubernetes documentation",
        version: "1.36",
        reference: title,
        specification: title,
        url: `https://kubernetes.io/docs/${path}`,
    };
}

/** A control of AWS Security Hub. */
export function securityHub(control: string, title: string): Reference {
    const service = control.split(".")[0]?.toLowerCase() ?? "";
    return {
        name: "AWS Security Hub controls",
        version: "2026",
        reference: control,
        specification: title,
        url: `https://docs.aws.amazon.com/securityhub/latest/userguide/${service}-controls.html`,
    };
}

/** CIS Amazon EKS Benchmark. */
export function cisEks(section: string, recommendation: string): Reference {
    return {
        name: "CIS Amazon EKS Benchmark",
        version: "1.0.1",
        reference: section,
        specification: recommendation,
        url: "https://www.cisecurity.org/benchmark/amazon_web_services",
    };
}

/** A page of AWS's documentation. */
export function awsDocs(title: string, path: string): Reference {
    return {
        name: "AWS documentation",
        version: "2026",
        reference: title,
        specification: title,
        url: `https://docs.aws.amazon.com/${path}`,
    };
}

/** A page of Karpenter's documentation. */
export function karpenterDocs(title: string, path: string): Reference {
    return {
        name: "Karpenter documentation",
        version: "1.14",
        reference: title,
        specification: title,
        url: `https://karpenter.sh/docs/${path}`,
    };
}

/** A page of Argo Workflows' documentation. */
export function argoDocs(title: string, path: string): Reference {
    return {
        name: "Argo Workflows documentation",
        version: "4.0",
        reference: title,
        specification: title,
        url: `https://argo-workflows.readthedocs.io/en/release-4.0/${path}`,
    };
}

/** A page of MLflow's documentation. */
export function mlflowDocs(title: string, path: string): Reference {
    return {
        name: "MLflow documentation",
        version: "3.18",
        reference: title,
        specification: title,
        url: `https://mlflow.org/docs/latest/${path}/`,
    };
}

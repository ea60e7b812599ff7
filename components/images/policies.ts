/** An IAM principal of AWS's: ARNs of roles, and twelve-digit ids of whole accounts. */
type Puller = string;

/** ECR's policy document: it has no resource, which is the repository that it is attached to. */
export interface RepositoryPolicy {
    readonly Version: "2012-10-17";
    readonly Statement: readonly {
        readonly Sid: string;
        readonly Effect: "Allow";
        readonly Principal: { readonly AWS: readonly Puller[] };
        readonly Action: readonly string[];
    }[];
}

/** All that a node needs of a repository, and nothing that changes it. */
const PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] as const;

/** Lets roles and accounts pull. */
export function pullPolicy(pullers: readonly Puller[]): RepositoryPolicy {
    return {
        Version: "2012-10-17",
        // Sorted, so that another order of equal arguments changes nothing.
        Statement: [{ Sid: "Pull", Effect: "Allow", Principal: { AWS: [...pullers].sort() }, Action: PULL }],
    };
}

/** Which images go by themselves. */
export interface LifecyclePolicy {
    readonly rules: readonly LifecycleRule[];
}

export interface LifecycleRule {
    readonly rulePriority: number;
    readonly description: string;
    readonly selection: Readonly<Record<string, string | number | readonly string[]>>;
    readonly action: { readonly type: "expire" };
}

/** What lost its tag goes after some days; of what has one, the newest are kept. */
export function lifecyclePolicy(keep: number, untaggedDays: number): LifecyclePolicy {
    const action = { type: "expire" } as const;
    return {
        rules: [
            {
                rulePriority: 1,
                description: `Untagged for ${untaggedDays} days`,
                selection: {
                    tagStatus: "untagged",
                    countType: "sinceImagePushed",
                    countUnit: "days",
                    countNumber: untaggedDays,
                },
                action,
            },
            {
                rulePriority: 2,
                description: `All but the newest ${keep}`,
                selection: {
                    tagStatus: "tagged",
                    tagPatternList: ["*"],
                    countType: "imageCountMoreThan",
                    countNumber: keep,
                },
                action,
            },
        ],
    };
}

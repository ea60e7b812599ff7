import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { lifecyclePolicy, pullPolicy } from "./policies";
import { RepositoriesSpec, resolveRepositories } from "./resolve";

export interface ImageRepositoriesArgs {
    /** Repository of each image, below the prefix: `{ trainer: "ghcr.io/kubeflow/trainer/trainer-controller-manager" }`. */
    repositories: { [image: string]: string };
    /** In front of every repository's name, such as `mlp`. Default: none. */
    prefix?: string;
    /** KMS key that encrypts the images; it cannot change. Default: the account's own key for ECR, `aws/ecr`. */
    kmsKeyArn?: pulumi.Input<string>;
    /** ARNs of the roles that may pull, such as the nodes'. Default: none beyond what IAM allows in this account. */
    pullRoleArns?: pulumi.Input<string>[];
    /** Ids of other AWS accounts that may pull, such as staging's and prod's. Default: none. */
    pullAccounts?: string[];
    /** Tagged images that each repository keeps, the newest first: 1 to 1000. Default: 50. */
    keepImages?: number;
    /** Days after which an image without a tag goes: 1 to 1000. Default: 14. */
    untaggedDays?: number;
    /** Refuse to delete the repositories. Without it they go together with their images. Default: false. */
    protect?: boolean;
    /** Tags of every repository. */
    tags: { [key: string]: string };
}

/**
 * An ECR repository for each image: tags that never change their image, scanned at every push, encrypted with KMS, and
 * pulled from by nodes without a way to the internet.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 */
export class ImageRepositories extends pulumi.ComponentResource {
    /** Registry and prefix, as `mlp images push --to` wants it. */
    readonly registry: pulumi.Output<string>;
    /** URL of each repository by image. */
    readonly repositoryUrls: { [image: string]: pulumi.Output<string> } = {};

    constructor(name: string, args: ImageRepositoriesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("mlp:index:ImageRepositories", name, {}, opts);
        const spec = resolveRepositories(args, name);

        for (const [image, repositoryName] of Object.entries(spec.names)) {
            const repository = this.repository(`${name}-${image}`, repositoryName, args);
            this.govern(`${name}-${image}`, repository, spec, args.pullRoleArns ?? []);
            this.repositoryUrls[image] = repository.repositoryUrl;
        }
        this.registry = registryOf(Object.values(this.repositoryUrls), args.prefix);
        this.registerOutputs({ registry: this.registry, repositoryUrls: this.repositoryUrls });
    }

    private repository(name: string, repositoryName: string, args: ImageRepositoriesArgs): aws.ecr.Repository {
        const { kmsKeyArn, protect = false, tags } = args;
        const encryption = { encryptionType: "KMS", ...(kmsKeyArn !== undefined && { kmsKey: kmsKeyArn }) };
        return new aws.ecr.Repository(
            name,
            {
                name: repositoryName,
                imageTagMutability: "IMMUTABLE",
                imageScanningConfiguration: { scanOnPush: true },
                encryptionConfigurations: [encryption],
                forceDelete: !protect,
                tags,
            },
            { parent: this, protect },
        );
    }

    /** What goes by itself, and who pulls. */
    private govern(
        name: string,
        repository: aws.ecr.Repository,
        spec: RepositoriesSpec,
        roles: pulumi.Input<string>[],
    ): void {
        const { keepImages, untaggedDays, pullAccounts } = spec;
        new aws.ecr.LifecyclePolicy(
            name,
            { repository: repository.name, policy: JSON.stringify(lifecyclePolicy(keepImages, untaggedDays)) },
            { parent: this },
        );
        // ECR refuses a policy that names nobody.
        if (roles.length + pullAccounts.length === 0) return;
        const policy = pulumi.all(roles).apply((arns) => JSON.stringify(pullPolicy([...arns, ...pullAccounts])));
        new aws.ecr.RepositoryPolicy(name, { repository: repository.name, policy }, { parent: this });
    }
}

function registryOf(urls: pulumi.Output<string>[], prefix: string | undefined): pulumi.Output<string> {
    return pulumi.all(urls).apply(([url = ""]) => {
        const host = url.split("/")[0] ?? "";
        return prefix === undefined ? host : `${host}/${prefix}`;
    });
}

import * as aws from "@pulumi/aws";

import { ImageRepositories } from "../../../components/images";
import { lifecyclePolicy, pullPolicy } from "../../../components/images/policies";
import { resolveRepositories } from "../../../components/images/resolve";
import { InvalidConfiguration } from "../../../components/problems";
import { record, Registered } from "../../support/mocks";

const NODES = "arn:aws:iam::111122223333:role/nodes";
const REPOSITORIES = {
    trainer: "ghcr.io/kubeflow/trainer/trainer-controller-manager",
    "torch-runtime": "torch-runtime",
};

describe("a component of image repositories", () => {
    let all: Registered[];
    const ofType = (type: string) => all.filter((resource) => resource.type === type);
    const inputsOf = (type: string, name: string) =>
        all.find((resource) => resource.type === type && resource.name === name)!.inputs;

    beforeAll(async () => {
        all = await record(() => {
            const provider = new aws.Provider("aws", { region: "eu-west-1" });
            const shared = { repositories: REPOSITORIES, tags: { team: "ml" } };
            new ImageRepositories(
                "prod",
                {
                    ...shared,
                    prefix: "mlp",
                    kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/k",
                    pullRoleArns: [NODES],
                    pullAccounts: ["444455556666"],
                    protect: true,
                },
                { providers: { aws: provider } },
            );
            new ImageRepositories("dev", shared, { providers: { aws: provider } });
        });
    });

    it("makes a repository for each image whose tags cannot change, scanned and encrypted", () => {
        expect(inputsOf("aws:ecr/repository:Repository", "prod-trainer")).toEqual({
            name: "mlp/ghcr.io/kubeflow/trainer/trainer-controller-manager",
            imageTagMutability: "IMMUTABLE",
            imageScanningConfiguration: { scanOnPush: true },
            encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: "arn:aws:kms:eu-west-1:111122223333:key/k" }],
            forceDelete: false,
            tags: { team: "ml" },
        });
        expect(ofType("aws:ecr/repository:Repository").map(({ name }) => name)).toEqual([
            "prod-trainer",
            "prod-torch-runtime",
            "dev-trainer",
            "dev-torch-runtime",
        ]);
    });

    it("takes the account's key, and lets images go with their repository, where nothing else is asked", () => {
        expect(inputsOf("aws:ecr/repository:Repository", "dev-torch-runtime")).toMatchObject({
            name: "torch-runtime",
            encryptionConfigurations: [{ encryptionType: "KMS" }],
            forceDelete: true,
        });
    });

    it("lets the roles and accounts pull and do nothing else", () => {
        const { policy } = inputsOf("aws:ecr/repositoryPolicy:RepositoryPolicy", "prod-trainer");
        expect(JSON.parse(policy as string)).toEqual(pullPolicy([NODES, "444455556666"]));
    });

    it("attaches no policy where nobody is named, which ECR refuses", () => {
        const names = ofType("aws:ecr/repositoryPolicy:RepositoryPolicy").map(({ name }) => name);
        expect(names).toEqual(["prod-trainer", "prod-torch-runtime"]);
    });

    it("lets old images go from every repository", () => {
        const policies = ofType("aws:ecr/lifecyclePolicy:LifecyclePolicy").map(({ inputs }) => inputs.policy as string);
        expect(policies).toHaveLength(4);
        expect(policies.map((policy) => JSON.parse(policy) as unknown)).toEqual(
            policies.map(() => lifecyclePolicy(50, 14)),
        );
    });

    it("reaches AWS through the provider that it was given, and no other", () => {
        const providers = all
            .filter(({ custom, type }) => custom && type.startsWith("aws:"))
            .map((one) => one.provider);
        expect(providers).toHaveLength(10);
        expect(providers.filter((provider) => !provider.includes("::aws::"))).toEqual([]);
    });
});

describe("the policies of a repository", () => {
    it("give equal text for the same pullers in any order", () => {
        expect(pullPolicy(["b", "a"])).toEqual(pullPolicy(["a", "b"]));
    });

    it("allow no action that changes a repository", () => {
        const actions = pullPolicy([NODES]).Statement.flatMap(({ Action }) => Action);
        expect(actions).toEqual(["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]);
    });

    it("expire untagged images by age and tagged ones by number, in rules of their own priority", () => {
        const { rules } = lifecyclePolicy(7, 3);
        expect(
            rules.map(({ rulePriority, selection }) => [rulePriority, selection.tagStatus, selection.countNumber]),
        ).toEqual([
            [1, "untagged", 3],
            [2, "tagged", 7],
        ]);
    });
});

describe("what ECR would refuse", () => {
    const problems = (config: Parameters<typeof resolveRepositories>[0]): string[] => {
        try {
            resolveRepositories(config, "images");
            return [];
        } catch (error) {
            return (error as InvalidConfiguration).problems.map(({ path }) => path);
        }
    };

    it.each([
        ["capitals", { repositories: { a: "Trainer" } }, ["images.repositories.a"]],
        ["two slashes", { repositories: { a: "x//y" } }, ["images.repositories.a"]],
        ["a prefix that ends with a slash", { repositories: { a: "x" }, prefix: "mlp/" }, ["images.repositories.a"]],
        ["a name that is too long", { repositories: { a: "x".repeat(257) } }, ["images.repositories.a"]],
        ["one repository for two images", { repositories: { a: "xx", b: "xx" } }, ["images.repositories.b"]],
        ["an account that is none", { repositories: {}, pullAccounts: ["42"] }, ["images.pullAccounts[0]"]],
        ["nothing kept", { repositories: {}, keepImages: 0 }, ["images.keepImages"]],
        ["half a day", { repositories: {}, untaggedDays: 0.5 }, ["images.untaggedDays"]],
    ])("is refused before anything is made: %s", (_, config, paths) => {
        expect(problems(config)).toEqual(paths);
    });

    it("is told all at once", () => {
        const config = { repositories: { a: "X", b: "Y" }, keepImages: 0 };
        expect(problems(config)).toEqual(["images.repositories.a", "images.repositories.b", "images.keepImages"]);
    });
});

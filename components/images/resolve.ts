import { InvalidConfiguration, Problem } from "../problems";

/** What can be checked before anything is registered. */
export interface RepositoriesConfig {
    repositories: { [image: string]: string };
    prefix?: string;
    pullAccounts?: string[];
    keepImages?: number;
    untaggedDays?: number;
}

/** With every default. */
export interface RepositoriesSpec {
    /** Full names of the repositories by image. */
    readonly names: Readonly<Record<string, string>>;
    readonly pullAccounts: readonly string[];
    readonly keepImages: number;
    readonly untaggedDays: number;
}

/** ECR's own rule for a repository's name. */
const NAME = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const LONGEST = 256;
/** Of one lifecycle rule's count. */
const MOST = 1000;

/**
 * Fills in the defaults and checks what ECR would refuse halfway.
 *
 * @throws InvalidConfiguration with every problem at once.
 */
export function resolveRepositories(config: RepositoriesConfig, path: string): RepositoriesSpec {
    const { repositories, prefix, pullAccounts = [], keepImages = 50, untaggedDays = 14 } = config;
    const full = (repository: string) => (prefix === undefined ? repository : `${prefix}/${repository}`);
    const names = Object.fromEntries(Object.entries(repositories).map(([image, name]) => [image, full(name)]));
    const problems = [
        ...Object.entries(names).flatMap(([image, name]) => nameProblems(name, `${path}.repositories.${image}`)),
        ...sharedProblems(names, `${path}.repositories`),
        ...pullAccounts.flatMap((account, index) => accountProblems(account, `${path}.pullAccounts[${index}]`)),
        ...countProblems(keepImages, `${path}.keepImages`),
        ...countProblems(untaggedDays, `${path}.untaggedDays`),
    ];
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return { names, pullAccounts, keepImages, untaggedDays };
}

function nameProblems(name: string, path: string): Problem[] {
    if (NAME.test(name) && name.length >= 2 && name.length <= LONGEST) return [];
    const allowed = "2 to 256 of lower-case letters and digits, joined by single dots, dashes, underscores or slashes";
    return [{ path, found: name, allowed, fix: "Give the repository, or the prefix, another name." }];
}

function sharedProblems(names: RepositoriesSpec["names"], path: string): Problem[] {
    return Object.entries(names).flatMap(([image, name], index) => {
        const first = Object.values(names).indexOf(name);
        if (first === index) return [];
        const allowed = "a repository for each image: their tags would meet";
        return [{ path: `${path}.${image}`, found: name, allowed, fix: "Give it a name of its own." }];
    });
}

function accountProblems(account: string, path: string): Problem[] {
    if (/^\d{12}$/.test(account)) return [];
    return [{ path, found: account, allowed: "twelve digits", fix: "Give the AWS account's id." }];
}

function countProblems(count: number, path: string): Problem[] {
    if (Number.isInteger(count) && count >= 1 && count <= MOST) return [];
    return [{ path, found: count, allowed: `a whole number from 1 to ${MOST}`, fix: "Give one of them." }];
}

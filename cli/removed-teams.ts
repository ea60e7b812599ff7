import { PlatformSpec, TEAM_LABEL } from "../infra/resolve";
import { UserError } from "./errors";
import { StateResource } from "./held";
import { Kubectl } from "./kubectl";
import { Held, lookInto } from "./team-data";

/** A team that the state holds and the specification no longer names. */
export interface RemovedTeam {
    readonly name: string;
    readonly namespace: string;
    /** Of its namespace. */
    readonly urn: string;
    /** Pulumi refuses to delete the namespace. */
    readonly protected: boolean;
}

/** The teams that an update would delete. Pure. */
export function removedTeams(
    resources: readonly StateResource[],
    { teams, layer }: Pick<PlatformSpec, "teams" | "layer">,
): RemovedTeam[] {
    if (layer === "cluster") return [];
    return resources.flatMap(({ type, urn, protect, inputs }) => {
        const { name: namespace, labels } = (inputs?.metadata ?? {}) as { name?: string; labels?: Labels };
        const name = labels?.[TEAM_LABEL];
        if (type !== "kubernetes:core/v1:Namespace" || name === undefined || namespace === undefined) return [];
        return teams.some((team) => team.name === name) ? [] : [{ name, namespace, urn, protected: protect === true }];
    });
}

type Labels = Readonly<Record<string, string>>;

/** What a team holds, in words; nothing where it holds nothing. Pure. */
export function holdingsOf({ volumes, workflows, trainJobs, objects, models }: Held): string[] {
    const counted = ([count, one, many]: readonly [number, string, string]) =>
        count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
    return [
        ...counted([volumes, "volume", "volumes"]),
        ...counted([workflows, "running workflow", "running workflows"]),
        ...counted([trainJobs, "running training job", "running training jobs"]),
        ...(objects === "unknown" || models === "unknown"
            ? ["objects and models that could not be counted"]
            : [
                  ...(objects.more
                      ? [`more than ${objects.count} objects`]
                      : counted([objects.count, "object", "objects"])),
                  ...counted([models, "registered model", "registered models"]),
              ]),
    ];
}

/**
 * What is said before teams go. Pure.
 *
 * @throws UserError while one holds something and the stack file does not say that it may go all the same.
 */
export function farewell(
    removed: readonly { readonly team: RemovedTeam; readonly held: Held }[],
    allowed: readonly string[],
): string[] {
    const refused = removed.filter(({ team, held }) => !allowed.includes(team.name) && holdingsOf(held).length > 0);
    if (refused.length > 0) {
        const what = refused.map(({ team, held }) => `${team.name} (${holdingsOf(held).join(", ")})`).join("; ");
        const names = refused.map(({ team }) => team.name).join(", ");
        throw new UserError(
            `The stack file no longer names teams that still hold something: ${what}. Put them back, or let them go with ` +
                `removedTeams: [${names}] in mlp:platform: their namespaces, volumes, Secrets and running work are deleted; ` +
                `objects and models stay, for nobody.`,
        );
    }
    return removed.map(({ team: { name, namespace }, held }) => {
        const things = holdingsOf(held);
        return `Team ${name} goes with namespace ${namespace}: ${things.length === 0 ? "it holds nothing" : things.join(", ")}.`;
    });
}

/**
 * Says what goes with the teams that the stack file no longer names, and refuses while they hold something. What Pulumi
 * protects of teams that may go is released; nothing else is changed.
 */
export async function letTeamsGo(
    resources: readonly StateResource[],
    spec: PlatformSpec,
    kubectl: () => Kubectl,
    say: (line: string) => void,
    release: (urn: string) => Promise<void>,
): Promise<void> {
    const teams = removedTeams(resources, spec);
    if (teams.length === 0) return;
    const asked = kubectl();
    const held = await Promise.all(
        teams.map(async (team) => ({ team, held: await lookInto(asked, team.namespace, spec.images) })),
    );
    for (const line of farewell(held, spec.removedTeams ?? [])) say(line);
    for (const team of teams) if (team.protected) await release(team.urn);
}

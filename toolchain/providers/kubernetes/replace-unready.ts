import { JsonObject } from "../base/json";
import { Difference } from "../base/paths";
import { Diff } from "../base/provider";
import { judgeOf } from "./await/judges";
import { Look } from "./await/verdict";
import { Cluster } from "./cluster";
import { isTrueAnnotation, referenceOf } from "./objects";

const REPLACE_UNREADY = "pulumi.com/replaceUnready";

/** It has no others to look at: a Job's own status says how it ended. */
const NOTHING: Look = { find: () => Promise.resolve(undefined), list: () => Promise.resolve([]) };

/**
 * Whether a Job that asks for it (`pulumi.com/replaceUnready: "true"`) has not completed, and so must be made anew. As
 * with the official plugin a Job that is gone, or that cannot be read now, is left as it is.
 */
export async function isUnready(cluster: Pick<Cluster, "find">, news: JsonObject, live: JsonObject): Promise<boolean> {
    const judge = judgeOf(news);
    if (news.kind !== "Job" || judge === undefined || !isTrueAnnotation(news, REPLACE_UNREADY)) return false;
    try {
        const found = await cluster.find(referenceOf(live));
        return found !== undefined && (await judge(found, NOTHING)).state !== "ready";
    } catch {
        return false;
    }
}

/** The difference by which the plan shows why it is replaced. */
export function replacedWhole({ differences, ...found }: Diff): Diff {
    const cause: Difference = { path: ["metadata", "annotations", REPLACE_UNREADY], change: "update" };
    return { ...found, differences: [...differences, cause], replaces: [cause] };
}

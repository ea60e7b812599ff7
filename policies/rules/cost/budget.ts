import { among, ofType } from "../../aws/resources";
import { Property } from "../../property";
import { awsDocs } from "../../references";
import { stackRule } from "../../rule";

export const prodBudget = stackRule({
    id: "cost-budget",
    title: "A stack with a cluster has a budget that tells somebody",
    level: "mandatory-in-prod",
    severity: "medium",
    why: "A forgotten GPU pool is otherwise noticed with the bill at the end of the month.",
    fix: "Add an `aws.budgets.Budget` with `limitAmount` and a notification to a person or topic.",
    references: [
        awsDocs("Managing your costs with AWS Budgets", "cost-management/latest/userguide/budgets-managing-costs.html"),
    ],
    about: ofType("aws:eks/cluster:Cluster"),
    judge: (_, stack) => {
        const all = among(stack, "aws:budgets/budget:Budget").map(({ props }) => props.field("notifications"));
        if (all.some((notifications) => notifications.items.some(reaches))) return undefined;
        return { at: all[0] ?? Property.root(undefined).field("budget"), allowed: "a budget with a notification" };
    },
});

function reaches(notification: Property): boolean {
    return ["subscriberEmailAddresses", "subscriberSnsTopicArns"].some((list) => !notification.field(list).isEmpty);
}

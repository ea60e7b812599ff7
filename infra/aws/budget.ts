import * as budgets from "@pulumi/aws/budgets";
import * as pulumi from "@pulumi/pulumi";

import { PlatformSpec } from "../spec";

/**
 * A monthly budget over everything that carries the platform's tag. Costs carry it only once the payer account has
 * made `platform` a cost-allocation tag: see stacks/README.md.
 */
export function monthlyBudget({ budget, tags }: Pick<PlatformSpec, "budget" | "tags">, opts: pulumi.ResourceOptions) {
    if (budget === undefined) return;
    const { monthlyUsd, emails } = budget;
    const notice = (notificationType: string, threshold: number) => ({
        comparisonOperator: "GREATER_THAN",
        thresholdType: "PERCENTAGE",
        threshold,
        notificationType,
        subscriberEmailAddresses: emails,
    });
    new budgets.Budget(
        "budget",
        {
            name: tags.platform,
            budgetType: "COST",
            timeUnit: "MONTHLY",
            limitUnit: "USD",
            limitAmount: monthlyUsd.toString(),
            costFilters: [{ name: "TagKeyValue", values: [`user:platform$${tags.platform}`] }],
            notifications: [notice("ACTUAL", 80), notice("FORECASTED", 100)],
        },
        opts,
    );
}

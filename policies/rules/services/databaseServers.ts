import { objectsOfKind } from "../../kubernetes/objects";
import { awsDocs } from "../../references";
import { rule } from "../../rule";

const DATABASE = /(^|\/)(postgres|postgresql|mysql|mariadb|mongo|mongodb)(?=[:@]|$)/;
const workloads = objectsOfKind("apps/StatefulSet", "apps/Deployment");

export const databaseManaged = rule({
    id: "database-managed",
    title: "Databases of staging and prod are not pods",
    level: "advisory",
    severity: "medium",
    why: "A database in the cluster has one zone, one volume and the team's own time for upgrades and restores.",
    fix: "Take RDS: `data.database.kind: rds`.",
    references: [awsDocs("Amazon RDS Multi-AZ", "AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html")],
    places: (resource) => workloads(resource).flatMap(({ root }) => root.find("spec.template.spec.containers[]")),
    judge: (container, { environment }) => {
        const at = container.field("image");
        const inStagingOrProd = environment === "staging" || environment === "prod";
        return inStagingOrProd && at.text !== undefined && DATABASE.test(at.text)
            ? { at, found: at.text, allowed: "a managed database" }
            : undefined;
    },
});

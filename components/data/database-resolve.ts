import { ImageSource, unknownImage } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";

export interface DatabaseSpec {
    readonly image: string;
    /** Of the database, and of the role that owns it. */
    readonly database: string;
}

/** Names that the server, RDS or a restore has taken. */
const TAKEN = /^(postgres|template0|template1|rdsadmin|rds_.*|pg_.*|public|none|.*_restoring)$/;
/** A restore appends `_restoring` to a name, and PostgreSQL cuts names off at 63. */
const LONGEST = 53;

/**
 * The name of a component as PostgreSQL's names are: dashes become underscores. Pure.
 *
 * @throws InvalidConfiguration where that is no name, or one that is taken.
 */
export function resolveDatabase({ images }: { readonly images: ImageSource }, name: string): DatabaseSpec {
    const problems: Problem[] = [];
    const image = images.references.postgres;
    if (image === undefined) problems.push(unknownImage(images, "postgres", `${name}.images`));
    const database = name.replaceAll("-", "_");
    if (!/^[a-z][a-z0-9_]*$/.test(database) || database.length > LONGEST || TAKEN.test(database)) {
        problems.push({
            path: `${name}.name`,
            found: name,
            allowed: `a letter, then letters, digits and dashes, ${LONGEST} at most, none of the server's own names`,
            fix: "Give the component the name of what uses the database, such as mlflow.",
        });
    }
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze({ image: image ?? "", database });
}

import { AwsKind, AwsKinds } from "../kind";
import { schemaOf } from "../schema";
import { ServedType } from "../served-types";
import { IDENTITY } from "./identity";
import { KUBERNETES } from "./kubernetes";
import { NETWORK } from "./network";
import { OPERATIONS } from "./operations";
import { SECURITY_GROUPS } from "./security-groups";
import { STORAGE } from "./storage";

/** Every type that the simulator serves, by its token. */
export const AWS_KINDS: AwsKinds = {
    ...IDENTITY,
    ...KUBERNETES,
    ...NETWORK,
    ...OPERATIONS,
    ...SECURITY_GROUPS,
    ...STORAGE,
};

/** Properties whose change forces a replacement. */
export function replacing(type: ServedType, { replaces = [], updatable = [] }: AwsKind): readonly string[] {
    return [...schemaOf(type).replaces, ...replaces].filter((path) => !updatable.includes(path));
}

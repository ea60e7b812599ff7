import { isObject, Json, JsonObject, stringAt } from "../base/json";
import { AwsKind, AwsKinds, Reference } from "./kind";
import { handlesOf, Store, Stored } from "./store";

/** The strings at a path such as `vpcConfig.subnetIds` or `networkInterfaces.*.subnetId`. */
export function valuesAt(value: Json | undefined, path: string): string[] {
    const [step = "", ...rest] = path.split(".");
    const below = rest.join(".");
    if (step === "") return strings(value);
    if (step === "*") return Array.isArray(value) ? value.flatMap((item) => valuesAt(item, below)) : [];
    return isObject(value) ? valuesAt(value[step], below) : [];
}

function strings(value: Json | undefined): string[] {
    if (Array.isArray(value)) return value.flatMap(strings);
    return typeof value === "string" ? [value] : [];
}

/** The resources that a reference names; nothing for a name that the account does not have. */
export function targets(store: Store, reference: Reference, inputs: JsonObject): (Stored | undefined)[] {
    return valuesAt(inputs, reference.path).map((handle) =>
        reference.to.map((type) => store.named(type, handle)).find((found) => found !== undefined),
    );
}

/** What a resource names that is not there: AWS refuses to make it. */
export function missing(store: Store, { references = [] }: AwsKind, inputs: JsonObject): string | undefined {
    for (const { path, to } of references) {
        for (const handle of valuesAt(inputs, path)) {
            const found = to.some((type) => store.named(type, handle) !== undefined) || isImplicit(store, to, handle);
            if (!found) return `NotFound: ${path} names ${handle}, which is not in the simulated account`;
        }
    }
    return undefined;
}

/** Security groups that AWS makes along with a cluster or a VPC: no resource of the program's. */
function isImplicit(store: Store, to: Reference["to"], handle: string): boolean {
    if (!to.includes("aws:ec2/securityGroup:SecurityGroup")) return false;
    const holders = store.ofType("aws:eks/cluster:Cluster", "aws:ec2/vpc:Vpc");
    return holders.some(
        ({ outputs }) =>
            stringAt(outputs, "vpcConfig", "clusterSecurityGroupId") === handle ||
            stringAt(outputs, "defaultSecurityGroupId") === handle,
    );
}

/** Resources that name this one and because of which AWS refuses to delete it. */
export function dependents(store: Store, kinds: AwsKinds, resource: Stored): Stored[] {
    const handles = new Set(handlesOf(resource));
    return store.all().filter((other) => {
        const blocking = (kinds[other.type]?.references ?? []).filter(
            ({ blocks, to }) => blocks && to.includes(resource.type),
        );
        return blocking.some(({ path }) => valuesAt(other.outputs, path).some((handle) => handles.has(handle)));
    });
}

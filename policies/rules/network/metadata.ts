import { objectsOfKind } from "../../kubernetes/objects";
import { Property } from "../../property";
import { awsDocs } from "../../references";
import { rule } from "../../rule";

/** Where an instance tells its role's credentials to whoever asks. */
const METADATA = "169.254.169.254";
const policies = objectsOfKind("networking.k8s.io/NetworkPolicy");

/** IPv4 alone: the instances' IPv6 address is private to a network that none of ours has. */
function covers(cidr: string | undefined): boolean {
    const [address = "", length = ""] = (cidr ?? "").split("/");
    const bits = (text: string) =>
        text
            .split(".")
            .map((byte) => Number(byte).toString(2).padStart(8, "0"))
            .join("");
    if (!/^\d+(\.\d+){3}$/.test(address)) return false;
    const count = Number(length);
    return bits(address).slice(0, count) === bits(METADATA).slice(0, count);
}

export const metadataEgress = rule({
    id: "network-policy-metadata",
    title: "Network policies that open a range leave the instances' metadata out",
    level: "mandatory",
    severity: "high",
    why: "A pod that reaches it on its node may take the node's role, whatever its own account may do.",
    fix: "Add `169.254.0.0/16` to the `except` of the block; Pod Identity's 169.254.170.23 has a rule of its own.",
    references: [
        awsDocs(
            "Restrict access to the instance profile",
            "eks/latest/best-practices/identity-and-access-management.html",
        ),
    ],
    places: (resource) =>
        policies(resource).flatMap(({ root }) =>
            root.find("spec.egress[].to[].ipBlock").filter(({ exists }) => exists),
        ),
    judge: (block: Property) => {
        const at = block.field("cidr");
        if (!covers(at.text)) return undefined;
        const excepted = block.field("except").items.some((one) => covers(one.text));
        return excepted ? undefined : { at, found: at.scalar, allowed: "the range without 169.254.169.254" };
    },
});

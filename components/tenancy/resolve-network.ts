import { isIP } from "node:net";

import { ObjectStoreKind } from "../contracts";
import { Problem } from "../problems";

interface Network {
    readonly internet: boolean;
    readonly apiServer: readonly string[];
    readonly ranges: readonly string[];
}

/** What is wrong with where a team's pods may connect to. */
export function networkProblems(
    { internet, apiServer, ranges }: Network,
    store: ObjectStoreKind,
    path: string,
): Problem[] {
    const problems = [
        ...apiServer.flatMap((range, index) => rangeProblems(range, `${path}.apiServer[${index}]`)),
        ...ranges.flatMap((range, index) => rangeProblems(range, `${path}.ranges[${index}]`)),
    ];
    if (internet) return problems;
    if (apiServer.length === 0) {
        problems.push({
            path: `${path}.apiServer`,
            found: apiServer,
            allowed: "the API server's ranges, where internet is off: else its port 443 stays open to everywhere",
            fix: "Give the subnets of its endpoint, such as 10.0.0.0/16.",
        });
    }
    if (store === ObjectStoreKind.S3 && ranges.length === 0) {
        problems.push({
            path: `${path}.ranges`,
            found: ranges,
            allowed: "where S3 answers, where internet is off",
            fix: "Give the subnets of its interface endpoints, or the ranges of the gateway endpoint's prefix list.",
        });
    }
    return problems;
}

function rangeProblems(found: string, path: string): Problem[] {
    const [address = "", length = "", ...rest] = found.split("/");
    const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    if (rest.length === 0 && /^\d{1,3}$/.test(length) && Number(length) <= bits) return [];
    return [{ path, found, allowed: "a range of addresses, such as 10.0.0.0/16", fix: "Correct it." }];
}

import { Json, JsonObject } from "../base/json";
import { ACCOUNT, text } from "./kind";

/** The functions that the simulator answers, by their token. */
export const FUNCTIONS: Readonly<Record<string, (args: JsonObject, region: string) => Json>> = {
    "aws:index/getCallerIdentity:getCallerIdentity": () => ({
        accountId: ACCOUNT,
        arn: `arn:aws:iam::${ACCOUNT}:user/simulated`,
        id: ACCOUNT,
        userId: "AIDASIMULATED",
    }),
    "aws:index/getPartition:getPartition": () => ({
        dnsSuffix: "amazonaws.com",
        id: "aws",
        partition: "aws",
        reverseDnsPrefix: "com.amazonaws",
    }),
    "aws:index/getRegion:getRegion": (args, region) => {
        const name = text(args.region ?? args.name, region);
        return {
            description: `simulated ${name}`,
            endpoint: `ec2.${name}.amazonaws.com`,
            id: name,
            name,
            region: name,
        };
    },
    "aws:index/getAvailabilityZones:getAvailabilityZones": (_, region) => {
        const letters = ["a", "b", "c"];
        return {
            id: region,
            names: letters.map((letter) => region + letter),
            zoneIds: letters.map((_letter, index) => `${region}-az${index + 1}`),
            region,
            groupNames: [region],
        };
    },
};

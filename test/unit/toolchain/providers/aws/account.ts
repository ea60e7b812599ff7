import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { JsonObject } from "../../../../../toolchain/providers/base/json";
import { Properties } from "../../../../../toolchain/providers/base/properties";
import { AwsSimulator } from "../../../../../toolchain/providers/aws/provider";
import { ServedType } from "../../../../../toolchain/providers/aws/served-types";
import { Store } from "../../../../../toolchain/providers/aws/store";

const properties = (value: JsonObject): Properties => ({ value, secrets: [] });

export interface Resource {
    readonly type: ServedType;
    readonly name: string;
    readonly id: string;
    readonly inputs: JsonObject;
    readonly outputs: JsonObject;
}

/** A simulated account in a folder of its own, and short ways to do with it what the engine does. */
export class Account {
    readonly folder = mkdtempSync(join(tmpdir(), "mlp-account-"));
    readonly store = new Store(this.folder);
    readonly simulator = new AwsSimulator(this.store);

    constructor() {
        this.simulator.configure({ region: "eu-west-1" });
    }

    check(type: ServedType, name: string, inputs: JsonObject, olds: JsonObject = {}) {
        return this.simulator.check({
            ...target(type, name),
            olds: properties(olds),
            news: properties(inputs),
            randomSeed: Buffer.from("seed"),
        });
    }

    /** What the engine shows of refused inputs. */
    refused(type: ServedType, inputs: JsonObject): string[] {
        const { failures = [] } = this.check(type, "it", inputs);
        return failures.map(({ property, reason }) => `${property} ${reason}`);
    }

    async make(type: ServedType, name: string, inputs: JsonObject, preview = false): Promise<Resource> {
        const checked = this.check(type, name, inputs);
        expect(checked.failures ?? []).toEqual([]);
        const request = { ...target(type, name), inputs: checked.inputs, timeoutSeconds: 0, preview };
        const { id, outputs } = await this.simulator.create(request);
        return { type, name, id, inputs: checked.inputs.value, outputs: outputs.value };
    }

    diff({ type, name, id, inputs, outputs }: Resource, news: JsonObject) {
        const checked = this.check(type, name, news, inputs);
        return this.simulator.diff({
            ...target(type, name),
            id,
            oldInputs: properties(inputs),
            oldOutputs: properties(outputs),
            news: checked.inputs,
        });
    }

    async change(resource: Resource, news: JsonObject, preview = false): Promise<Resource> {
        const { type, name, id, inputs, outputs } = resource;
        const checked = this.check(type, name, news, inputs);
        const { value } = await this.simulator.update({
            ...target(type, name),
            id,
            oldInputs: properties(inputs),
            oldOutputs: properties(outputs),
            news: checked.inputs,
            timeoutSeconds: 0,
            preview,
        });
        return { ...resource, inputs: checked.inputs.value, outputs: value };
    }

    read({ type, name, id, inputs, outputs }: Resource) {
        return this.simulator.read({
            ...target(type, name),
            id,
            inputs: properties(inputs),
            outputs: properties(outputs),
        });
    }

    remove({ type, name, id, inputs, outputs }: Resource): Promise<void> {
        return this.simulator.delete({
            ...target(type, name),
            id,
            inputs: properties(inputs),
            outputs: properties(outputs),
            timeoutSeconds: 0,
        });
    }

    close(): void {
        rmSync(this.folder, { recursive: true });
    }
}

function target(type: ServedType, name: string) {
    return { urn: `urn:pulumi:dev::mlp::${type}::${name}`, type, name };
}

/** The least that a cluster stands on: a VPC with a subnet in two zones, and a role. */
export async function network(account: Account) {
    const vpc = await account.make("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
    const subnet = (zone: string, cidrBlock: string) =>
        account.make("aws:ec2/subnet:Subnet", zone, {
            vpcId: vpc.id,
            cidrBlock,
            availabilityZone: `eu-west-1${zone}`,
        });
    const subnets = [await subnet("a", "10.0.0.0/24"), await subnet("b", "10.0.1.0/24")];
    const role = await account.make("aws:iam/role:Role", "role", { assumeRolePolicy: '{"Statement":[]}' });
    return { vpc, subnets, subnetIds: subnets.map(({ id }) => id), role };
}

export async function cluster(account: Account, more: JsonObject = {}) {
    const { subnetIds, role, ...rest } = await network(account);
    const inputs = { name: "ml", version: "1.35", roleArn: role.outputs.arn!, vpcConfig: { subnetIds }, ...more };
    return { ...rest, role, subnetIds, cluster: await account.make("aws:eks/cluster:Cluster", "ml", inputs), inputs };
}

export function nodeGroupInputs(subnetIds: string[], roleArn: string, more: JsonObject = {}): JsonObject {
    return {
        clusterName: "ml",
        nodeGroupName: "system",
        nodeRoleArn: roleArn,
        subnetIds,
        instanceTypes: ["g6.12xlarge"],
        scalingConfig: { minSize: 1, desiredSize: 3, maxSize: 4 },
        ...more,
    };
}

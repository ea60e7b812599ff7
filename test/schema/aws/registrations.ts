import { Cluster as SimulatedCluster } from "../../../toolchain/providers/eks/cluster";
import { ACCOUNT, awsNames } from "../../support/aws-names";
import { Registration } from "../../support/cloudformation/convert";
import { Values } from "../../support/cloudformation/kinds";
import { record, Registered } from "../../support/mocks";
import { graphOf, STACKS } from "../../unit/infra/graph";

/** Every AWS resource of every stack; the eks component by the children that it registers, see docs/stand-ins.md. */
export async function registrationsOfStacks(): Promise<Record<string, Registration[]>> {
    const byStack: Record<string, Registration[]> = {};
    for (const stack of STACKS) {
        const { resources } = await graphOf(stack, { namesOf: awsNames });
        const clusters = resources.filter(({ type }) => type === "eks:index:Cluster");
        const children = await record(
            () => {
                for (const { name, inputs } of clusters) {
                    // Mocks keep of a resource that is handed over whole only its type.
                    const args = { ...inputs, serviceRole: { arn: `arn:aws:iam::${ACCOUNT}:role/control-plane` } };
                    new SimulatedCluster(name, args as unknown as ConstructorParameters<typeof SimulatedCluster>[1]);
                }
            },
            false,
            {},
            awsNames,
        );
        const all = [...resources, ...children].filter(isAws).map(registration);
        if (all.length > 0) byStack[stack] = all;
    }
    return byStack;
}

function isAws({ type }: Registered): boolean {
    return type.startsWith("aws:");
}

function registration({ type, name, id, inputs }: Registered): Registration {
    return { type, name, id, inputs: inputs as Values };
}

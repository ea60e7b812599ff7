// Registered by being loaded: a role that the program hands over arrives as a reference to it.
import "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";

import { answerVersion, endWithParent } from "../base/process";
import { ClusterArguments, refusals } from "./arguments";
import { Cluster } from "./cluster";

const VERSION = "4.3.0";
const SCHEMA = {
    name: "eks",
    version: VERSION,
    description: "A simulator of the official eks plugin: its Cluster alone, with nothing of its own beside it",
};

// A remote component needs the SDK's resource monitor, which the SDK's own server sets up.
const provider: pulumi.provider.Provider = {
    version: VERSION,
    schema: JSON.stringify(SCHEMA),
    construct: (name, type, inputs, options) => {
        if (type !== "eks:index:Cluster") {
            const cure = `install the official plugin with: pulumi plugin install resource eks ${VERSION}`;
            return Promise.reject(new Error(`the eks simulator does not serve the type ${type}: ${cure}`));
        }
        const errors = refusals(inputs);
        if (errors.length > 0) {
            return Promise.reject(new pulumi.InputPropertiesError({ message: `eks.Cluster ${name}`, errors }));
        }
        const cluster = new Cluster(name, inputs as unknown as ClusterArguments, options);
        return Promise.resolve({ urn: cluster.urn, state: cluster.state });
    },
};

answerVersion(VERSION);
endWithParent();
void pulumi.provider.main(provider, process.argv.slice(2));

import { PolicyPack } from "@pulumi/policy";

import { currentEnvironment } from "./environment";
import { currentConfiguration } from "./configuration";
import { packFor } from "./pack";

new PolicyPack("mlp", packFor(currentEnvironment(), undefined, undefined, currentConfiguration()));

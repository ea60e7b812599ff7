import { PolicyPack } from "@pulumi/policy";

import { currentEnvironment } from "./environment";
import { packFor } from "./pack";

new PolicyPack("mlp", packFor(currentEnvironment()));

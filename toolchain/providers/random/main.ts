import { generatedProvider } from "../base/generated";
import { serve } from "../base/server";
import { RANDOM_KINDS } from "./kinds";

serve(
    generatedProvider(
        {
            name: "random",
            version: "4.21.1",
            description: "A stand-in for the official random plugin: real random values, not every type",
            cure: "install the official plugin with: pulumi plugin install resource random 4.21.1",
        },
        RANDOM_KINDS,
    ),
);

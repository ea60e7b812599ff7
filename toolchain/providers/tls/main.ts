import { generatedProvider } from "../base/generated";
import { JsonObject, stringAt } from "../base/json";
import { serve } from "../base/server";
import { unserved } from "../base/service";
import { algorithmOf, parseKey } from "./keys";
import { TLS_KINDS } from "./kinds";
import { publicForms } from "./openssh";

const about = {
    name: "tls",
    version: "5.6.1",
    description: "A stand-in for the official tls plugin: real keys and certificates, no write-only arguments",
    cure: "install the official plugin with: pulumi plugin install resource tls 5.6.1",
};

function invoke(token: string, args: JsonObject): JsonObject {
    if (token !== "tls:index/getPublicKey:getPublicKey") throw unserved(about, `function ${token}`);
    const key = parseKey(stringAt(args, "privateKeyPem") ?? "", "privateKeyPem");
    return { ...args, algorithm: algorithmOf(key), ...publicForms(key) };
}

serve(generatedProvider(about, TLS_KINDS, invoke));

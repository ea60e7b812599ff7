import { readFileSync, watchFile } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";

import { readConfiguration } from "./configuration";
import { version } from "./package.json";
import { handlerOf } from "./server";

const CONFIGURATION = process.env.CONFIGURATION_PATH ?? "/etc/identity-provider";
const CERTIFICATE = process.env.CERTIFICATE_PATH ?? "/etc/identity-provider-tls";
const PORT = Number(process.env.PORT ?? 8443);
const CERTIFICATE_CHECK_MS = 60_000;

function certificate() {
    const read = (name: string) => readFileSync(join(CERTIFICATE, name));
    return { cert: read("tls.crt"), key: read("tls.key") };
}

function main(): void {
    if (process.argv.includes("--version")) return console.log(version);
    const server = createServer(
        { ...certificate(), minVersion: "TLSv1.2" },
        handlerOf(readConfiguration(CONFIGURATION)),
    );
    // The kubelet brings a renewed certificate to the running pod.
    watchFile(join(CERTIFICATE, "tls.crt"), { interval: CERTIFICATE_CHECK_MS }, () =>
        server.setSecureContext(certificate()),
    );
    server.listen(PORT, () => console.log(JSON.stringify({ event: "listening", port: PORT })));
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => server.close(() => process.exit()));
}

main();

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A throw-away serving certificate for an address, made by openssl. */
export function selfSigned(address: string): { key: string; cert: string } {
    const directory = mkdtempSync(join(tmpdir(), "mlp-cert-"));
    try {
        const [key, cert] = [join(directory, "key"), join(directory, "cert")];
        const subject = ["-subj", `/CN=${address}`, "-addext", `subjectAltName=IP:${address}`];
        const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
        execFileSync("openssl", ["req", "-x509", ...curve, "-days", "2", ...subject, "-keyout", key, "-out", cert], {
            stdio: "pipe",
        });
        return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
    } finally {
        rmSync(directory, { recursive: true });
    }
}

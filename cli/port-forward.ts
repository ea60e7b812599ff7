import { UserError } from "./errors";
import { Kubectl } from "./kubectl";

/** A Service of the cluster, by what its clients are told. */
export interface ServiceAddress {
    readonly namespace: string;
    readonly service: string;
    readonly port: number;
    /** Whether it speaks TLS. */
    readonly secure: boolean;
}

/**
 * A Service at a loopback port, through the API server: works for whoever may forward ports in its namespace. kubectl
 * follows one pod; when that pod ends, the next call starts another one.
 */
export class PortForward {
    private running: { readonly port: Promise<number>; readonly end: () => void } | undefined;

    constructor(
        private readonly kubectl: Pick<Kubectl, "start">,
        private readonly address: ServiceAddress,
    ) {}

    /** @throws UserError with what kubectl says when the Service cannot be reached. */
    port(): Promise<number> {
        this.running ??= this.start();
        return this.running.port;
    }

    /** The port does not answer, or is not needed any more. */
    end(): void {
        this.running?.end();
        this.running = undefined;
    }

    private start(): { readonly port: Promise<number>; readonly end: () => void } {
        const { namespace, service, port } = this.address;
        const where = ["--namespace", namespace, "--address", "127.0.0.1"];
        const child = this.kubectl.start(["port-forward", ...where, `service/${service}`, `:${port}`]);
        let [output, errors] = ["", ""];
        child.stderr.setEncoding("utf8").on("data", (text: string) => (errors = (errors + text).slice(-4096)));
        const ended = new Promise<number>((_, reject) => {
            child.on("error", reject);
            child.on("close", () => {
                if (this.running === made) this.running = undefined;
                const why = errors.trim().split("\n").pop() ?? "";
                reject(new UserError(`Service ${service} of namespace ${namespace} cannot be reached: ${why}`));
            });
        });
        const opened = new Promise<number>((resolve) => {
            child.stdout.setEncoding("utf8").on("data", (text: string) => {
                output = (output + text).slice(-4096);
                const found = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(output)?.[1];
                if (found !== undefined) resolve(Number(found));
            });
        });
        const made = { port: Promise.race([opened, ended]), end: () => void child.kill() };
        return made;
    }
}

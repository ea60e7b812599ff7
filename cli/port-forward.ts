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

interface Running {
    readonly port: Promise<number>;
    /** The port, once it is open. */
    opened(): number | undefined;
    end(): void;
}

/**
 * A Service at a loopback port, through the API server: works for whoever may forward ports in its namespace. kubectl
 * follows one pod; when that pod ends, the next call starts another one.
 */
export class PortForward {
    private running: Running | undefined;

    constructor(
        private readonly kubectl: Pick<Kubectl, "start">,
        private readonly address: ServiceAddress,
    ) {}

    /** @throws UserError with what kubectl says when the Service cannot be reached. */
    port(): Promise<number> {
        this.running ??= this.start();
        return this.running.port;
    }

    /** That port does not answer; one that was opened since stays. */
    lost(port: number): void {
        if (this.running?.opened() === port) this.end();
    }

    /** It is not needed any more. */
    end(): void {
        this.running?.end();
        this.running = undefined;
    }

    private start(): Running {
        const { namespace, service, port } = this.address;
        const where = ["--namespace", namespace, "--address", "127.0.0.1"];
        const child = this.kubectl.start(["port-forward", ...where, `service/${service}`, `:${port}`]);
        let [output, errors] = ["", ""];
        let local: number | undefined;
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
                if (found === undefined) return;
                local = Number(found);
                resolve(local);
            });
        });
        const made: Running = {
            port: Promise.race([opened, ended]),
            opened: () => local,
            end: () => void child.kill(),
        };
        return made;
    }
}

import { UserError } from "./errors";
import { Kubectl } from "./kubectl";

const SECONDS = 3600;
/** A token is renewed when less than this is left of it. */
const MARGIN_MILLISECONDS = 10 * 60 * 1000;

interface TokenRequest {
    readonly status: { readonly token: string; readonly expirationTimestamp: string };
}

/** Tokens of a team's service account, for an hour each. They are kept in memory and nowhere else. */
export class MemberToken {
    private last: { readonly token: string; readonly expires: number } | undefined;
    private pending: Promise<string> | undefined;

    constructor(
        private readonly kubectl: Pick<Kubectl, "start">,
        private readonly namespace: string,
        private readonly account: string,
        private readonly now: () => number = Date.now,
    ) {}

    /** @throws UserError with what the API server says when it gives none. */
    async get(): Promise<string> {
        if (this.last !== undefined && this.last.expires - this.now() > MARGIN_MILLISECONDS) return this.last.token;
        this.pending ??= this.request().finally(() => (this.pending = undefined));
        return this.pending;
    }

    private async request(): Promise<string> {
        const account = [this.account, "--namespace", this.namespace];
        const asked = ["create", "token", ...account, `--duration=${SECONDS}s`, "--output=json"];
        const child = this.kubectl.start(asked);
        let [output, errors] = ["", ""];
        child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
        child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
        const code = await new Promise<number | null>((resolve, reject) => {
            child.on("error", reject);
            child.on("close", resolve);
        });
        if (code !== 0) {
            const why = errors.trim().split("\n").pop() ?? "";
            throw new UserError(`No token of service account ${this.namespace}/${this.account}: ${why}`);
        }
        const { status } = JSON.parse(output) as TokenRequest;
        this.last = { token: status.token, expires: Date.parse(status.expirationTimestamp) };
        return status.token;
    }
}

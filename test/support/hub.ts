/** JupyterHub as a person and a program use it: sign-in, its API, and the API of a notebook. */
import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";

import { Answer, Asked, WebSession } from "./web-session";
import { WebSocketClient } from "./web-socket";

/** A notebook, as the hub tells of it. */
export interface ServerModel {
    readonly name: string;
    readonly ready: boolean;
    readonly pending: string | null;
    readonly url: string;
}

export interface Hub {
    readonly url: string;
    readonly ca: string;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Somebody who has signed in, with a token of their own. */
export class HubUser {
    private constructor(
        private readonly hub: Hub,
        readonly name: string,
        readonly session: WebSession,
        readonly token: string,
    ) {}

    /** Types name and password into the identity provider's form, as a browser shows it. */
    static async signIn(hub: Hub, name: string, password: string): Promise<HubUser> {
        const session = new WebSession(hub.ca);
        const form = await session.visit(`${hub.url}/hub/home`);
        const [, action] = /<form[^>]*action="([^"]+)"/.exec(form.body) ?? [];
        if (action === undefined) throw new Error(`no form at ${form.url}: ${form.status} ${form.body.slice(0, 400)}`);
        const home = await session.visit(new URL(action, form.url).href, {
            method: "POST",
            headers: { "content-type": "application/x-www-form-urlencoded" },
            body: new URLSearchParams({ name, password }).toString(),
        });
        if (home.status !== 200 || !home.url.startsWith(`${hub.url}/hub/`)) {
            throw new Error(`${name} is not let in: ${home.status} at ${home.url} ${home.body.slice(0, 800)}`);
        }
        const xsrf = session.cookie(hub.url, "_xsrf") ?? "";
        const made = await session.ask(`${hub.url}/hub/api/users/${name}/tokens`, {
            method: "POST",
            headers: { "x-xsrftoken": xsrf, "content-type": "application/json" },
            body: JSON.stringify({ note: "test", expires_in: 7200 }),
        });
        if (made.status !== 201) throw new Error(`no token for ${name}: ${made.status} ${made.body}`);
        return new HubUser(hub, name, session, (JSON.parse(made.body) as { token: string }).token);
    }

    /** A request with the user's token; `path` begins with a slash. */
    ask(path: string, { headers, ...asked }: Asked = {}): Promise<Answer> {
        const own = { authorization: `token ${this.token}`, "content-type": "application/json" };
        return new WebSession(this.hub.ca).ask(`${this.hub.url}${path}`, { ...asked, headers: { ...own, ...headers } });
    }

    start(server: string, options: object): Promise<Answer> {
        return this.ask(`/hub/api/users/${this.name}/servers/${server}`, {
            method: "POST",
            body: JSON.stringify(options),
        });
    }

    stop(server: string): Promise<Answer> {
        return this.ask(`/hub/api/users/${this.name}/servers/${server}`, { method: "DELETE" });
    }

    async server(name: string): Promise<ServerModel | undefined> {
        const { status, body } = await this.ask(`/hub/api/users/${this.name}`);
        if (status !== 200) throw new Error(`the hub does not tell of ${this.name}: ${status} ${body}`);
        return (JSON.parse(body) as { servers: Record<string, ServerModel> }).servers[name];
    }

    /** Waits until a notebook runs, or gives what the hub says of why it does not. */
    async ready(server: string, seconds = 240): Promise<{ ready: boolean; said: string }> {
        for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(1000)) {
            const model = await this.server(server);
            if (model?.ready === true) return { ready: true, said: "ready" };
            if (model !== undefined && model.pending !== null) continue;
            const { body } = await this.ask(`/hub/api/users/${this.name}/servers/${server}/progress`);
            return { ready: false, said: body };
        }
        return { ready: false, said: `not within ${seconds} s` };
    }

    /** Runs a notebook's cells one after another in a kernel of its server, and gives what they printed. */
    async run(server: string, file: string, log: (text: string) => void): Promise<string> {
        const base = `/user/${this.name}/${server === "" ? "" : `${server}/`}`;
        const started = await this.ask(`${base}api/kernels`, {
            method: "POST",
            body: JSON.stringify({ name: "python3" }),
        });
        if (started.status !== 201) throw new Error(`no kernel: ${started.status} ${started.body}`);
        const { id } = JSON.parse(started.body) as { id: string };
        const url = `${this.hub.url}${base}api/kernels/${id}/channels`;
        const socket = await WebSocketClient.open(url, this.hub.ca, { authorization: `token ${this.token}` });
        let printed = "";
        try {
            for (const code of codeOf(file)) printed += await execute(socket, code, log);
        } finally {
            socket.close();
            await this.ask(`${base}api/kernels/${id}`, { method: "DELETE" });
        }
        return printed;
    }
}

interface Message {
    readonly parent_header: { readonly msg_id?: string };
    readonly header: { readonly msg_type: string };
    readonly content: {
        readonly text?: string;
        readonly status?: string;
        readonly traceback?: readonly string[];
        readonly data?: Readonly<Record<string, string>>;
        readonly execution_state?: string;
    };
}

function codeOf(file: string): string[] {
    const { cells } = JSON.parse(readFileSync(file, "utf8")) as {
        cells: { cell_type: string; source: string | string[] }[];
    };
    return cells.filter((cell) => cell.cell_type === "code").map(({ source }) => [source].flat().join(""));
}

/** One cell; an exception of its ends the run with its traceback. */
function execute(socket: WebSocketClient, code: string, log: (text: string) => void): Promise<string> {
    const id = randomUUID();
    const header = { msg_id: id, username: "test", session: "test", msg_type: "execute_request", version: "5.3" };
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    return new Promise((resolve, reject) => {
        let printed = "";
        socket.onClose = (why) => reject(new Error(`the kernel's connection ended: ${why}`));
        socket.onText = (text) => {
            const message = JSON.parse(text) as Message;
            if (message.parent_header.msg_id !== id) return;
            const { msg_type: kind } = message.header;
            const said = message.content.text ?? message.content.data?.["text/plain"] ?? "";
            if (["stream", "execute_result"].includes(kind)) {
                log(said);
                printed += `${said}\n`;
            }
            if (kind === "error") reject(new Error((message.content.traceback ?? []).join("\n")));
            if (kind === "status" && message.content.execution_state === "idle") resolve(printed);
        };
        socket.send(
            JSON.stringify({ header, parent_header: {}, metadata: {}, content, channel: "shell", buffers: [] }),
        );
    });
}

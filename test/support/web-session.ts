import { IncomingMessage } from "node:http";
import { request } from "node:https";

export interface Answer {
    readonly status: number;
    readonly url: string;
    readonly headers: IncomingMessage["headers"];
    readonly body: string;
}

export interface Asked {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
}

/** What a browser keeps: cookies of each host. Names below `localhost` are this machine, whatever its resolver thinks. */
export class WebSession {
    private readonly cookies = new Map<string, Map<string, string>>();

    constructor(private readonly ca: string) {}

    /** One request, redirects not followed. */
    ask(url: string, { method = "GET", headers = {}, body }: Asked = {}): Promise<Answer> {
        const { hostname, port, pathname, search } = new URL(url);
        const cookie = [...(this.cookies.get(hostname) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
        const options = {
            ...{ host: "127.0.0.1", servername: hostname, port, path: `${pathname}${search}`, method, ca: this.ca },
            headers: { host: `${hostname}:${port}`, ...(cookie && { cookie }), ...headers },
            agent: false,
        };
        return new Promise((resolve, reject) => {
            const sent = request(options, (response) => {
                this.keep(hostname, response.headers["set-cookie"] ?? []);
                let text = "";
                response.setEncoding("utf8").on("data", (part: string) => (text += part));
                response.on("end", () =>
                    resolve({ status: response.statusCode ?? 0, url, headers: response.headers, body: text }),
                );
                response.on("error", reject);
            });
            sent.on("error", reject).setTimeout(60_000, () => sent.destroy(new Error(`${url}: no answer in 60 s`)));
            sent.end(body);
        });
    }

    /** As a person would go there: redirects followed. */
    async visit(url: string, asked?: Asked): Promise<Answer> {
        let answer = await this.ask(url, asked);
        for (let hop = 0; hop < 20; hop++) {
            const { location } = answer.headers;
            if (location === undefined || answer.status < 300 || answer.status > 399) return answer;
            answer = await this.ask(new URL(location, answer.url).href);
        }
        throw new Error(`${url}: redirects without end`);
    }

    cookie(url: string, name: string): string | undefined {
        return this.cookies.get(new URL(url).hostname)?.get(name);
    }

    private keep(host: string, lines: readonly string[]): void {
        const jar = this.cookies.get(host) ?? new Map<string, string>();
        this.cookies.set(host, jar);
        for (const line of lines) {
            const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
            if (/(max-age=0|expires=thu, 01 jan 1970)/i.test(line) || value === "") jar.delete(name);
            else jar.set(name, value);
        }
    }
}

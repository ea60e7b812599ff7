import { CommandLine, Option } from "../../kubernetes/commands";
import { containers } from "../../kubernetes/pods";
import { mlflowDocs } from "../../references";
import { Resource, rule } from "../../rule";

const servers = (resource: Resource): readonly CommandLine[] =>
    containers(resource)
        .map((one) => new CommandLine(one))
        .filter((command) => command.runs(/^mlflow$/, "server"));

/** An option, or the environment variable that stands for it. */
function settings(command: CommandLine, flag: string, variable: string): readonly Option[] {
    const environment = command.variable(variable);
    return [...command.options(flag), ...(environment ? [environment] : [])];
}

export const mlflowHosts = rule({
    id: "mlflow-allowed-hosts",
    title: "MLflow answers only to the names that it is reached by",
    level: "mandatory",
    severity: "high",
    why: "A web page that somebody opens could otherwise talk to the registry in their name, by DNS rebinding.",
    fix: "List the names of its Service and routes under `--allowed-hosts`, and leave the security middleware on.",
    references: [mlflowDocs("Protect Your Tracking Server from Network Exposure", "self-hosting/security/network")],
    places: servers,
    judge: (command) => {
        const open = settings(command, "--allowed-hosts", "MLFLOW_SERVER_ALLOWED_HOSTS").find(({ value }) =>
            value?.split(",").some((host) => host.trim() === "*"),
        );
        if (open !== undefined) return { at: open.at, found: open.value, allowed: "names, without a lone *" };
        const off = command.variable("MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE");
        if (off?.value !== undefined && /^(true|1)$/i.test(off.value)) {
            return { at: off.at, found: off.value, allowed: "false or unset" };
        }
        return command.has("--disable-security-middleware")
            ? {
                  at: command.args,
                  found: "--disable-security-middleware",
                  allowed: "the middleware, which is on by default",
              }
            : undefined;
    },
});

export const mlflowAuth = rule({
    id: "mlflow-auth",
    title: "MLflow knows who asks",
    level: "mandatory",
    severity: "critical",
    why: "Without an authentication app everybody who reaches it may read, move and delete every model.",
    fix: "Start it with `--app-name`: `kubernetes-auth` takes rights from Kubernetes' RBAC.",
    references: [mlflowDocs("Basic HTTP Authentication", "self-hosting/security/basic-http-auth")],
    places: servers,
    judge: (command) =>
        command.options("--app-name").length === 0
            ? { at: command.args, found: "no --app-name", allowed: "an app that authenticates" }
            : undefined,
});

/** A database server; a variable stands for one, as its value is a Secret's. */
const SERVED = /^(postgresql|mysql|mssql)(\+\w+)?:\/\/|^\$[({]?\w+[)}]?$/;

export const mlflowDatabase = rule({
    id: "mlflow-database",
    title: "MLflow keeps runs and models in a database server",
    level: "mandatory",
    severity: "high",
    why: "SQLite, memory and files are one pod's own: its end takes the lineage of every model with it.",
    fix: "Name a PostgreSQL database, by a Secret, under MLFLOW_BACKEND_STORE_URI.",
    references: [mlflowDocs("Backend Stores", "self-hosting/architecture/backend-store")],
    places: servers,
    judge: (command, { environment }) => {
        if (environment === "local") return undefined;
        const allowed = "postgresql://…, mysql://… or a Secret that holds it";
        const stores = settings(command, "--backend-store-uri", "MLFLOW_BACKEND_STORE_URI");
        const own = stores.find(({ value }) => value !== undefined && !SERVED.test(value));
        // Only its scheme: what follows may be a password.
        if (own !== undefined)
            return { at: own.at, found: /^\w+(?=:)/.exec(own.value ?? "")?.[0] ?? "a file", allowed };
        return stores.length === 0 ? { at: command.args, found: "SQLite, by default", allowed } : undefined;
    },
});

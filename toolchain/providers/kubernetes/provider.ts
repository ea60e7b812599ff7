import { Code, ProviderError } from "../base/errors";
import { containsUnknown, Json, JsonObject, stringAt } from "../base/json";
import { Difference, formatPath } from "../base/paths";
import { NO_PROPERTIES, Properties } from "../base/properties";
import * as base from "../base/provider";
import { unserved } from "../base/service";
import { ApiError, isImmutable, Unreachable } from "./api-error";
import { judgeFor } from "./await";
import { apply } from "./apply";
import { checkObject } from "./check";
import { Client } from "./client";
import { Cluster } from "./cluster";
import { configChanges, configFailures, parseSettings } from "./config";
import { Context } from "./context";
import { createObject } from "./create";
import { diffObjects } from "./diff";
import { decodeYaml } from "./manifests";
import { parseId, referenceOf } from "./objects";
import { managerOf } from "./outputs";
import { readObject } from "./read";
import { redact } from "./redact";
import { deleteObject } from "./remove";
import { isUnready, replacedWhole } from "./replace-unready";
import { updateObject } from "./update";

/** Types that need more than the API server: charts, kustomizations, and the second YAML parser. */
const UNSERVED = /^kubernetes:(helm\.sh|kustomize|yaml)[/:]/;

/** Stands in for the official kubernetes plugin against a real API server. */
export class KubernetesProvider implements base.Provider {
    readonly name = "kubernetes";
    readonly version = "4.32.0";
    readonly description =
        "A stand-in for the official kubernetes plugin: real server-side apply and readiness, no Helm, Kustomize or yaml/v2";
    readonly cure = "install the official plugin with: pulumi plugin install resource kubernetes 4.32.0";
    private context: Context | undefined;

    async checkConfig(news: Properties): Promise<base.CheckResult> {
        const failures = configFailures(news.value);
        return { inputs: news, failures: failures.length > 0 ? failures : await connectionFailures(news.value) };
    }

    diffConfig(olds: JsonObject, news: JsonObject): base.Diff {
        const { changed, replaces } = configChanges(olds, news);
        const differences = changed.map((key): Difference => ({ path: [key], change: "update" }));
        return { differences, replaces: differences.filter(({ path }) => replaces.includes(String(path[0]))) };
    }

    configure(config: JsonObject, host: base.Host): void {
        const settings = parseSettings(config);
        this.context = { settings, host, cluster: new Cluster(new Client(settings, host.cancelled)) };
    }

    check(request: base.CheckRequest): base.CheckResult {
        if (UNSERVED.test(request.type)) throw unserved(this, `type ${request.type}`);
        const { inputs, failures = [] } = checkObject(request);
        return { inputs, failures: [...failures, ...waitFailures(inputs.value)] };
    }

    async diff(request: base.DiffRequest): Promise<base.Diff> {
        const context = this.configured();
        const { oldInputs, oldOutputs, news } = request;
        const versions = { oldInputs: oldInputs.value, news: news.value, live: oldOutputs.value };
        const found = diffObjects(versions, context.settings);
        if ((found.replaces ?? []).length > 0) return found;
        if (await isUnready(context.cluster, news.value, oldOutputs.value)) return replacedWhole(found);
        if (found.differences.length === 0) return found;
        return { ...found, replaces: await this.refusedByServer(request, found.differences) };
    }

    create(request: base.CreateRequest): Promise<base.CreateResult> {
        return told(() => createObject(this.configured(), request), request.inputs);
    }

    read(request: base.ReadRequest): Promise<base.ReadResult | undefined> {
        return told(() => readObject(this.configured(), request), request.inputs);
    }

    update(request: base.UpdateRequest): Promise<Properties> {
        return told(() => updateObject(this.configured(), request), request.news);
    }

    delete(request: base.DeleteRequest): Promise<void> {
        return told(() => deleteObject(this.configured(), request), request.inputs);
    }

    async invoke(token: string, args: JsonObject): Promise<Json> {
        if (token !== "kubernetes:yaml:decode") throw unserved(this, `function ${token}`);
        return { result: await decodeYaml(stringAt(args, "text") ?? "", stringAt(args, "defaultNamespace")) };
    }

    private configured(): Context {
        if (this.context === undefined) throw new ProviderError("the kubernetes provider is not configured");
        return this.context;
    }

    /** Custom resources and webhooks have immutable fields of their own: only the server knows them. */
    private async refusedByServer(
        request: base.DiffRequest,
        differences: readonly Difference[],
    ): Promise<readonly Difference[]> {
        const { urn, id, news, oldOutputs } = request;
        if (containsUnknown(news.value)) return [];
        const context = this.configured();
        try {
            const reference = await context.cluster.resolve({ ...referenceOf(news.value), ...parseId(id) });
            const manager = managerOf(oldOutputs.value, urn);
            await apply(context, { urn, reference, object: news.value, manager, dryRun: true, force: true });
            return [];
        } catch (error) {
            // Whatever else is wrong is told by the update itself.
            if (!isImmutable(error)) return [];
            const fields = error.causes.map(({ field }) => field);
            const named = differences.filter(({ path }) => fields.some((field) => formatPath(path).startsWith(field)));
            return named.length > 0 ? named : differences;
        }
    }
}

/** One line for the provider instead of the same line for every object. */
async function connectionFailures(config: JsonObject): Promise<base.CheckFailure[]> {
    const settings = parseSettings(config);
    const isUnknown = containsUnknown(config.kubeconfig) || containsUnknown(config.context);
    if (isUnknown || settings.deleteUnreachable || settings.skipUpdateUnreachable) return [];
    try {
        await new Client(settings, new AbortController().signal).get("/version");
        return [];
    } catch (error) {
        // A server that refuses to say its version is there.
        if (error instanceof ApiError) return [];
        // Not as the fault of a property: the engine would show that property's value, credentials and all.
        return [{ property: "", reason: error instanceof Error ? error.message : String(error) }];
    }
}

function waitFailures(inputs: JsonObject): base.CheckFailure[] {
    try {
        judgeFor(inputs);
        return [];
    } catch (error) {
        return [
            {
                property: "",
                reason: error instanceof Error ? error.message : String(error),
            },
        ];
    }
}

/** Gives errors the words of the server and takes secret values out of them. */
async function told<T>(action: () => Promise<T>, properties: Properties = NO_PROPERTIES): Promise<T> {
    try {
        return await action();
    } catch (error) {
        if (error instanceof Unreachable) throw new ProviderError(error.message, Code.Unavailable);
        if (error instanceof ApiError) throw new ProviderError(redact(error.message, properties));
        throw error;
    }
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { appUrl, DatabaseServer, Gateway, GpuPool, Identity, ImageSource } from "../contracts";
import { Database } from "../data";
import { checksumOf } from "../kubernetes/checksum";
import { Controller } from "../kubernetes/controller";
import { podSecurityLabels } from "../kubernetes/hardening";
import {
    GpuMetricsSource,
    NotebookCulling,
    NotebookLimits,
    NotebookProfile,
    NotebookTeam,
    NotebookVolume,
} from "./args";
import { HUB_SECRETS, hubOf, proxyOf } from "./hub";
import { fromGateway, HUB_CALLERS, hubEgress, PROXY_CALLERS, PROXY_EGRESS } from "./network";
import { HUB_PORT, NOTEBOOKS_NAMESPACE, NotebooksSpec, resolveNotebooks } from "./resolve";
import { HUB, hubSettings, PROXY } from "./settings";
import { NotebookPlace } from "./team";

export type {
    GpuMetricsSource,
    NotebookCulling,
    NotebookLimits,
    NotebookProfile,
    NotebookTeam,
    NotebookVolume,
} from "./args";
export { NOTEBOOKS_NAMESPACE, PROXY_PORT, resolveNotebooks } from "./resolve";
export type { NotebooksInput, NotebooksSpec } from "./resolve";

export interface NotebooksArgs {
    /** Must hold `jupyterhub`, `configurable-http-proxy` and `notebook`, and what a Database needs. */
    images: ImageSource;
    /** Where the hub keeps who runs what: it gets a database and a user of its own. */
    server: DatabaseServer;
    /** The way in from outside: the hub's pages are its app `hub`. */
    gateway: Gateway;
    /** Who says who somebody is. Needed: without it the hub would let anybody in. */
    identity?: Identity;
    /** Teams in whose namespaces notebooks run. */
    teams: NotebookTeam[];
    /** Pools of GPUs that profiles name. Default: none. */
    gpuPools?: GpuPool[];
    /** What people choose from, the first being the default. Default: `small`, `cpu`, and `gpu-<pool>` for each pool. */
    profiles?: NotebookProfile[];
    /** When idle notebooks are stopped. Default: see the fields. */
    culling?: NotebookCulling;
    /** What keeps many starts from hurting everybody. Default: see the fields. */
    limits?: NotebookLimits;
    /** The volume of a notebook. Default: see the fields. */
    volume?: NotebookVolume;
    /** Certificates that notebooks trust besides the public ones, in PEM: of Argo's server, of the gateway. Default: none. */
    trustedCertificates?: pulumi.Input<string>[];
    /** Environment of every notebook, on top of its team's. No secrets. Default: none. */
    environment?: { [name: string]: pulumi.Input<string> };
    /** Metrics of GPUs. Default: none, kernels and terminals alone say whether a GPU is used. */
    gpuMetrics?: GpuMetricsSource;
}

/**
 * JupyterHub: people sign in at the identity provider, choose a team of theirs and a profile, and get JupyterLab as a pod
 * with the rights of that team.
 *
 * The hub keeps nothing but what is in its database, and the proxy runs apart from it: a new hub finds every notebook
 * running.
 *
 * @see https://jupyterhub.readthedocs.io
 */
export class Notebooks extends pulumi.ComponentResource {
    /** URL of the hub, for people. */
    readonly url: string;
    /** Service that the gateway's route leads to, on port 8000. */
    readonly serviceName: pulumi.Output<string>;
    /** Namespace of that Service. */
    readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: NotebooksArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Notebooks", name, {}, opts);
        const spec = resolveNotebooks(args, name);
        const parent = { parent: this };
        const labels = podSecurityLabels("restricted");
        const metadata = { name: NOTEBOOKS_NAMESPACE, labels };
        this.namespace = new k8s.core.v1.Namespace(NOTEBOOKS_NAMESPACE, { metadata }, parent).metadata.name;
        this.url = appUrl(args.gateway, "hub");

        const trusted = trustOf(args);
        const places = args.teams.map(
            ({ tenant }) =>
                new NotebookPlace(`notebooks-${tenant.name}`, { tenant, namespace: this.namespace, trusted }, parent),
        );
        const token = secretText("notebooks-proxy-token", parent);
        const proxy = this.proxy(spec, args.gateway, token);
        this.hub(spec, args, { token, hasTrust: trusted !== undefined, dependsOn: [proxy, ...places] });

        this.serviceName = proxy.serviceName;
        this.registerOutputs({ url: this.url, serviceName: this.serviceName, namespace: this.namespace });
    }

    private proxy(spec: NotebooksSpec, gateway: Gateway, token: pulumi.Output<string>): Controller {
        const parent = { parent: this };
        const { namespace } = this;
        const secret = new k8s.core.v1.Secret(
            PROXY,
            { metadata: { name: PROXY, namespace }, stringData: { [HUB_SECRETS.proxyToken]: token } },
            parent,
        );
        new k8s.networking.v1.NetworkPolicy(
            "notebooks-from-gateway",
            { metadata: { name: "from-gateway", namespace }, spec: fromGateway(gateway) },
            parent,
        );
        const hubUrl = `http://${HUB}.${NOTEBOOKS_NAMESPACE}.svc:${HUB_PORT}`;
        const workload = proxyOf(spec, hubUrl, secret.metadata.name, checksumOf(token));
        return new Controller(PROXY, { ...workload, namespace, callers: PROXY_CALLERS, egress: PROXY_EGRESS }, parent);
    }

    private hub(
        spec: NotebooksSpec,
        args: NotebooksArgs,
        made: { token: pulumi.Output<string>; hasTrust: boolean; dependsOn: pulumi.Resource[] },
    ): void {
        const { images, server, gateway, identity, teams, gpuMetrics, environment = {} } = args;
        if (identity === undefined) throw new Error("resolveNotebooks lets none through without");
        const parent = { parent: this };
        const { namespace } = this;
        const database = new Database("jupyterhub", { server, images, namespace }, parent).access;
        const stringData = {
            [HUB_SECRETS.proxyToken]: made.token,
            [HUB_SECRETS.cookieSecret]: secretText("notebooks-cookie-secret", parent),
            [HUB_SECRETS.cryptKey]: secretText("notebooks-crypt-key", parent),
            [HUB_SECRETS.clientSecret]: pulumi.secret(identity.hub.clientSecret),
        };
        const secret = new k8s.core.v1.Secret(HUB, { metadata: { name: HUB, namespace }, stringData }, parent);
        const workload = hubOf(spec, {
            configuration: hubSettings(spec, { ...made, gateway, identity, teams, gpuMetrics, environment }),
            database,
            secretName: secret.metadata.name,
            secretsChecksum: checksumOf(...Object.values(stringData)),
            identityCa: this.identityCa(identity),
        });
        new Controller(
            HUB,
            { ...workload, namespace, callers: HUB_CALLERS, egress: hubEgress(server, gateway, gpuMetrics) },
            { ...parent, dependsOn: made.dependsOn },
        );
    }

    private identityCa({ caCertificates }: Identity): pulumi.Output<string> | undefined {
        if (caCertificates === undefined) return undefined;
        const data = { "ca.crt": caCertificates };
        const metadata = { namespace: this.namespace };
        return new k8s.core.v1.ConfigMap("notebooks-identity-ca", { metadata, data }, { parent: this }).metadata.name;
    }
}

/** Certificates of everything that notebooks call under a name of the platform's own. */
function trustOf({ trustedCertificates = [], gateway }: NotebooksArgs): pulumi.Output<string> | undefined {
    const all = [...trustedCertificates, ...(gateway.caCertificates === undefined ? [] : [gateway.caCertificates])];
    if (all.length === 0) return undefined;
    return pulumi.all(all).apply((texts) => texts.map((text) => `${text.trim()}\n`).join(""));
}

function secretText(name: string, parent: { parent: pulumi.Resource }): pulumi.Output<string> {
    return new random.RandomPassword(name, { length: 48, special: false }, parent).result;
}

import * as pulumi from "@pulumi/pulumi";

import { DatabaseServer, GpuPool, ImageSource, StorageClasses, Tenant } from "../components/contracts";
import { RouteAccess } from "../components/gateway";
import { Notebooks, PROXY_PORT } from "../components/notebooks";
import type { Pipelines } from "../components/pipelines";
import type { Entrance } from "./platform-gateway";
import type { NotebooksSpec } from "./resolve-notebooks";
import type { TeamSpec } from "./spec";

interface NotebooksFooting {
    readonly images: ImageSource;
    readonly server: DatabaseServer;
    readonly entrance: Entrance;
    readonly teams: readonly TeamSpec[];
    readonly tenants: { readonly [team: string]: Tenant };
    readonly gpuPools: readonly GpuPool[];
    readonly storageClasses: StorageClasses;
    /** Whose server notebooks call, under a certificate of its own. */
    readonly argo: Pipelines | undefined;
    readonly opts: pulumi.ComponentResourceOptions;
}

/** Builds the hub and the way to it, and gives its URL. */
export function buildNotebooks(spec: NotebooksSpec, footing: NotebooksFooting): string {
    const { images, server, entrance, teams, tenants, gpuPools, storageClasses, argo, opts } = footing;
    const { gateway, identity } = entrance;
    const { block } = storageClasses;
    const notebooks = new Notebooks(
        "notebooks",
        {
            images,
            server,
            gateway,
            identity,
            teams: teams.flatMap(({ name, members, groups }) => {
                const tenant = tenants[name];
                if (tenant === undefined) return [];
                return [{ tenant, users: [...members], ...(groups.length > 0 && { groups: [...groups] }) }];
            }),
            gpuPools: [...gpuPools],
            ...(spec.profiles && { profiles: [...spec.profiles] }),
            culling: spec.culling,
            limits: spec.limits,
            volume: { ...spec.volume, ...(block !== undefined && { storageClass: block }) },
            ...(argo && { trustedCertificates: [argo.caCertificates] }),
        },
        opts,
    );
    const { namespace, serviceName } = notebooks;
    // The hub asks by itself who somebody is, and notebooks ask the hub.
    return entrance.route("hub", { namespace, serviceName, port: PROXY_PORT }, notebooks, RouteAccess.Open);
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Identity } from "../contracts";

/** ConfigMap that the embedded cluster's supervisor follows, and its key: see toolchain/cluster/authentication.ts. */
const TRUST = { namespace: "kube-system", name: "mlp-authentication", key: "jwt.json" };

export interface ApiServerTrustArgs {
    /** Whose tokens the API server takes from now on. */
    identity: Identity;
}

/**
 * Makes the API server of the embedded cluster take a provider's ID tokens, as a flag of any other cluster's would: users
 * and groups get the identity's prefix, and RBAC decides what they may do.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration
 */
export class ApiServerTrust extends pulumi.ComponentResource {
    constructor(name: string, args: ApiServerTrustArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:ApiServerTrust", name, {}, opts);
        const { identity } = args;
        const issuers = pulumi
            .output(identity.caCertificates)
            .apply((authority) => JSON.stringify([jwtAuthenticator(identity, authority)], undefined, 2));
        new k8s.core.v1.ConfigMap(
            name,
            {
                metadata: { name: TRUST.name, namespace: TRUST.namespace },
                data: { [TRUST.key]: issuers },
            },
            { parent: this },
        );
        this.registerOutputs({});
    }
}

/** A provider in the words of Kubernetes' AuthenticationConfiguration. Pure. */
export function jwtAuthenticator(
    { issuer, audiences, usernameClaim, groupsClaim, prefix }: Identity,
    certificateAuthority: string | undefined,
): object {
    return {
        issuer: {
            url: issuer,
            audiences,
            audienceMatchPolicy: "MatchAny",
            ...(certificateAuthority !== undefined && { certificateAuthority }),
        },
        claimMappings: {
            username: { claim: usernameClaim, prefix },
            groups: { claim: groupsClaim, prefix },
        },
        userValidationRules: [
            {
                expression: "!user.username.startsWith('system:')",
                message: "names of the cluster's own are taken",
            },
        ],
    };
}

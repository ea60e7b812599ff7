import type { ImageName } from "../../images/catalogue";
import type { Progress } from "../progress";
import type { GoProduct } from "./go-products";

/** The plugins that programs for AWS use beside the others. */
export type AwsProviderName = "aws" | "eks";

/** The plugins that the platform's programs use. */
export type ProviderName = "kubernetes" | "random" | "tls" | AwsProviderName;

/** The engine's plugins. */
export type PluginName = "language-host" | `provider-${ProviderName}`;

/** Everything that a bare machine may lack. */
export type PieceName =
    | "distribution-packages"
    | "pulumi"
    | "language-host"
    | `provider-${ProviderName}`
    | GoProduct
    | "argo-ui"
    | `image-${ImageName}`;

/**
 * Where a piece comes from. A stand-in is ours and takes the place of something official; a simulator is one that only
 * pretends: nothing that it reports exists.
 */
export type Origin = "official" | "built" | "stand-in" | "simulator" | "distribution" | "pulled";

interface PieceDescription {
    readonly name: PieceName;
    readonly title: string;
    readonly version: string;
}

/** What `mlp doctor` says of a piece. Finding out changes nothing and starts no build. */
export type PieceStatus =
    | (PieceDescription & { readonly state: "ready"; readonly origin: Origin; readonly location: string })
    | (PieceDescription & { readonly state: "missing"; readonly cause: string; readonly cure: string });

/** What a piece may use while it is made. */
export interface Context {
    readonly progress: Progress;
    /** Aborted when another piece has failed or the user has interrupted. */
    readonly signal: AbortSignal;
}

export interface Piece<T> {
    readonly name: PieceName;
    readonly title: string;
    inspect(): Promise<PieceStatus>;
    /** Makes the piece unless it is there; safe to call from several processes at once. */
    ensure(context: Context): Promise<T>;
}

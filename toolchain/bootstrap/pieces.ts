import { catalogue, type ImageName } from "../../images/catalogue";
import { argoUiPiece } from "./argo-ui";
import { distributionPiece } from "./distribution";
import { goPiece } from "./go-pieces";
import { goProductNames, goProducts, type GoProduct } from "./go-products";
import { imagePiece } from "./image-pieces";
import type { ImageArchive } from "./oci/image";
import type { Context, Origin, Piece, PieceName, PieceStatus, PluginName } from "./piece";
import { awsProviderNames, languageHostPlugin, providerNames, providerPlugin } from "./plugin-kinds";
import { pluginPiece } from "./plugins";
import { pulumiPiece } from "./pulumi";

export const imageNames = Object.keys(catalogue) as ImageName[];

/** A piece that is made at most once in a run, however many others need it. */
interface Once<T> {
    inspect(): Promise<PieceStatus>;
    ensure(): Promise<T>;
}

/** All pieces of one run, joined to what they need. */
export class Pieces {
    private readonly byName = new Map<PieceName, Once<unknown>>();
    readonly pulumi: Once<string>;
    readonly plugins = new Map<PluginName, Once<Origin>>();
    readonly images = new Map<ImageName, Once<ImageArchive>>();

    constructor(private readonly context: Context) {
        const distribution = this.add(distributionPiece());
        const ui = this.add(argoUiPiece());
        const products = new Map<GoProduct, Once<void>>();
        for (const product of goProductNames) {
            const { brings = [], embedsUi } = goProducts[product];
            const piece = bringing(goPiece(product), products, brings);
            products.set(product, this.add(embedsUi === undefined ? piece : after(ui, piece)));
        }
        this.pulumi = this.add(pulumiPiece());
        const providers = [...providerNames, ...awsProviderNames].map(providerPlugin);
        for (const kind of [languageHostPlugin(), ...providers]) {
            this.plugins.set(kind.piece, this.add(pluginPiece(kind, () => this.pulumi.ensure())));
        }
        const needs = {
            product: (name: GoProduct) => required(products, name).ensure(),
            image: (name: ImageName) => required(this.images, name).ensure(),
            distributionPackages: () => distribution.ensure(),
        };
        for (const name of imageNames) this.images.set(name, this.add(imagePiece(name, needs)));
    }

    named(name: PieceName): Once<unknown> {
        return required(this.byName, name);
    }

    private add<T>(piece: Piece<T>): Once<T> {
        let started: Promise<T> | undefined;
        const once = { inspect: () => piece.inspect(), ensure: () => (started ??= piece.ensure(this.context)) };
        this.byName.set(piece.name, once);
        return once;
    }
}

/** The product's piece, which also makes the products that come with it. */
function bringing(
    piece: Piece<void>,
    products: ReadonlyMap<GoProduct, Once<void>>,
    brought: readonly GoProduct[],
): Piece<void> {
    return {
        ...piece,
        ensure: async (context) => {
            await piece.ensure(context);
            for (const product of brought) await required(products, product).ensure();
        },
    };
}

/** The piece, which needs another beforehand. */
function after(first: Once<void>, piece: Piece<void>): Piece<void> {
    return {
        ...piece,
        ensure: async (context) => {
            await first.ensure();
            await piece.ensure(context);
        },
    };
}

function required<K, V>(map: ReadonlyMap<K, V>, key: K): V {
    const value = map.get(key);
    if (value === undefined) throw new Error(`there is no piece ${String(key)}`);
    return value;
}

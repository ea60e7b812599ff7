import { argoUiPiece } from "../../../../toolchain/bootstrap/argo-ui";
import { goPiece } from "../../../../toolchain/bootstrap/go-pieces";
import { productOf, type GoProduct } from "../../../../toolchain/bootstrap/go-products";
import { Pieces } from "../../../../toolchain/bootstrap/pieces";
import { quietContext, useTemporaryCache } from "./temporary-cache";

jest.mock("../../../../toolchain/bootstrap/argo-ui");
jest.mock("../../../../toolchain/bootstrap/go-pieces");
useTemporaryCache();

const made: (GoProduct | "argo-ui")[] = [];
beforeEach(() => {
    made.length = 0;
    jest.mocked(argoUiPiece).mockImplementation(() => ({
        name: "argo-ui",
        title: "argo-ui",
        inspect: () => Promise.reject(new Error("not asked for")),
        ensure: async () => void made.push("argo-ui"),
    }));
    jest.mocked(goPiece).mockImplementation((name) => ({
        name,
        title: name,
        inspect: () => Promise.reject(new Error("not asked for")),
        ensure: async () => void made.push(name),
    }));
});

test("kubectl is to be had without Kubernetes", async () => {
    await new Pieces(quietContext()).named("kubectl").ensure();
    expect(made).toEqual(["kubectl"]);
    expect(productOf.kubectl).toBe("kubectl");
});

test("Kubernetes brings kubectl, which is made once however often it is asked for", async () => {
    const pieces = new Pieces(quietContext());
    await Promise.all([pieces.named("kubernetes").ensure(), pieces.named("kubectl").ensure()]);
    expect(made.sort()).toEqual(["kubectl", "kubernetes"]);
});

test("Argo's server is built after the web UI that it embeds; its controller needs none", async () => {
    const pieces = new Pieces(quietContext());
    await pieces.named("argo-workflows").ensure();
    expect(made).toEqual(["argo-workflows"]);
    await pieces.named("argo-server").ensure();
    expect(made).toEqual(["argo-workflows", "argo-ui", "argo-server"]);
});

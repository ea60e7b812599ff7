import { ApiError, Unreachable } from "../../../../../toolchain/providers/kubernetes/api-error";
import { Reader, steadily } from "../../../../../toolchain/providers/kubernetes/await/outage";

const reference = { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "web" };
const away = new Unreachable("https://127.0.0.1:1", "ECONNREFUSED");
const refused = new ApiError(403, { message: "forbidden" }, "GET /x");

/** Fails with these errors one after another, then finds the object. */
function readerOf(...errors: Error[]): Reader {
    return {
        find: async () => {
            const error = errors.shift();
            if (error !== undefined) throw error;
            return { kind: "Pod" };
        },
        list: async () => [],
        logs: async () => "",
    };
}

describe("a wait while the API server restarts", () => {
    const say = jest.fn();
    const patience = { cancelled: new AbortController().signal, say };
    beforeEach(() => say.mockClear());

    it("goes on when the server answers again, also over its first refusals, and tells once", async () => {
        const reader = steadily(readerOf(away, new ApiError(503, {}, "GET /x"), refused), patience);

        await expect(reader.find(reference)).resolves.toEqual({ kind: "Pod" });
        expect(say.mock.calls).toEqual([["the API server to answer again"]]);
    });

    it("ends when the server stays away", async () => {
        const reader = steadily(readerOf(away, away, away), { ...patience, milliseconds: 100 });

        await expect(reader.find(reference)).rejects.toBe(away);
    });

    it("does not wait for what will not pass", async () => {
        await expect(steadily(readerOf(refused), patience).find(reference)).rejects.toBe(refused);
        expect(say).not.toHaveBeenCalled();
    });
});

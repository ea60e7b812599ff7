import { knownAnswer, remembered } from "../../../../toolchain/bootstrap/answers";
import { useTemporaryCache } from "./temporary-cache";

useTemporaryCache();

const HOUR = 3600 * 1000;

test("a question is asked once a day", async () => {
    const ask = jest.fn(async () => false);
    expect(await remembered("registry a/b", ask, 0)).toBe(false);
    expect(await remembered("registry a/b", ask, 23 * HOUR)).toBe(false);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(await remembered("registry a/b", async () => true, 25 * HOUR)).toBe(true);
});

test("an answer never asked for is unknown", () => {
    expect(knownAnswer("registry x")).toBeUndefined();
});

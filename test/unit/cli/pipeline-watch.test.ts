import { UserError } from "../../../cli/errors";
import { changes, failuresOf, outputOf, Run, RunNode, watchPipeline } from "../../../cli/pipeline-watch";

const node = (displayName: string, phase: string, more: Partial<RunNode> = {}): RunNode => ({
    displayName,
    type: "Pod",
    phase,
    ...more,
});
const run = (phase: string, ...nodes: RunNode[]): Run => ({
    metadata: { name: "digits-1", uid: "u" },
    status: { phase, nodes: Object.fromEntries(nodes.map((one) => [one.displayName, one])) },
});
const clock = () => {
    let time = 0;
    return { now: () => time, sleep: (milliseconds: number) => Promise.resolve((time += milliseconds)) };
};
const watch = (looks: readonly (Run | undefined | Error)[], say: (line: string) => void = () => undefined) => {
    const left = [...looks];
    const find = <T>() => {
        const look = left.length > 1 ? left.shift() : left[0];
        if (look instanceof Error) throw look;
        return look as T | undefined;
    };
    return watchPipeline({ find }, "team-vision", "digits-1", say, clock());
};

describe("watchPipeline", () => {
    it("says each change of each step once, and which were cached", async () => {
        const lines: string[] = [];
        // With retries Argo gives it the type of a group that has no members.
        const cached = node("load", "Succeeded", { type: "Retry", memoizationStatus: { hit: true } });
        await watch(
            [
                run("Running", cached, node("train", "Pending")),
                run("Running", cached, node("train", "Pending")),
                run("Succeeded", cached, node("train", "Succeeded"), node("digits-1", "Succeeded", { type: "DAG" })),
            ],
            (line) => lines.push(line),
        );
        expect(lines).toEqual(["load: Succeeded (cached)", "train: Pending", "train: Succeeded"]);
    });

    it("bears a cluster that is silent for a while, and no longer", async () => {
        const silent = new UserError("cannot be asked");
        await expect(watch([silent, silent, run("Succeeded")])).resolves.toMatchObject({
            status: { phase: "Succeeded" },
        });
        await expect(watch([silent])).rejects.toThrow("cannot be asked");
    });

    it("tells of a run that was deleted", async () => {
        await expect(watch([run("Running"), undefined])).rejects.toThrow(
            /digits-1 of namespace team-vision was deleted/,
        );
    });
});

describe("what is read from a run", () => {
    it("finds outputs of a step under the name of its last try", () => {
        const outputs = { parameters: [{ name: "version", value: "3" }] };
        expect(outputOf(run("Succeeded", node("register(1)", "Succeeded", { outputs })), "register", "version")).toBe(
            "3",
        );
        expect(outputOf(run("Failed", node("register", "Failed", { outputs })), "register", "version")).toBeUndefined();
    });

    it("names the steps that failed, not the groups around them", () => {
        const message = "Error (exit code 1): there is no artifact s3://a/b";
        const failed = run("Failed", node("store", "Failed", { message }), node("g", "Failed", { type: "DAG" }));
        expect(failuresOf(failed)).toEqual([`store: ${message}`]);
    });

    it("says a message once, and again when it changes", () => {
        const said = new Map<string, string>();
        const waiting = (message: string) => changes(run("Running", node("load", "Pending", { message })), said);
        expect([waiting("ErrImagePull"), waiting("ErrImagePull"), waiting("ImagePullBackOff")]).toEqual([
            ["load: Pending; ErrImagePull"],
            [],
            ["load: Pending; ImagePullBackOff"],
        ]);
    });
});

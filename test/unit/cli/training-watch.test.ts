import { UserError } from "../../../cli/errors";
import { describe as describePods, Pod, watchTraining } from "../../../cli/training-watch";

const pod = (name: string, phase: string, status: object = {}): Pod => ({
    metadata: { name },
    status: { phase, ...status },
});

describe("describe", () => {
    it("says what is waited for before there are pods", () => {
        expect(describePods([])).toBe("waiting for the operator to create the pods");
    });

    it("counts pods by phase", () => {
        const pods = [pod("a", "Running"), pod("b", "Pending"), pod("c", "Running")];
        expect(describePods(pods)).toBe("pods: 1 Pending, 2 Running");
    });

    it("says once why pods cannot be scheduled", () => {
        const conditions = [{ type: "PodScheduled", status: "False", message: "Insufficient memory" }];
        const pods = [pod("a", "Pending", { conditions }), pod("b", "Pending", { conditions })];
        expect(describePods(pods)).toBe("pods: 2 Pending; Insufficient memory");
    });

    it("says what a container waits for", () => {
        const containerStatuses = [{ state: { waiting: { reason: "ErrImagePull", message: "not found" } } }];
        expect(describePods([pod("a", "Pending", { containerStatuses })])).toBe(
            "pods: 1 Pending; ErrImagePull: not found",
        );
    });
});

describe("watchTraining", () => {
    const running = {};
    const ended = (type: string) => ({ status: { conditions: [{ type, status: "True", message: `it is ${type}` }] } });
    const silent = new UserError("the cluster does not answer");

    /** Watches a job that shows itself as the answers say, the last of them for ever. */
    const watch = (answers: readonly (object | undefined)[], pods: readonly Pod[] = []) => {
        let [now, asked] = [0, 0];
        const kubectl = {
            find: <T>(kind: string): T | undefined => {
                if (kind === "pods") return { items: pods } as T;
                const answer = answers[Math.min(asked++, answers.length - 1)];
                if (answer instanceof UserError) throw answer;
                return answer as T | undefined;
            },
            follow: (_: readonly string[], line: (text: string) => void) => {
                line("final accuracy 1");
                return () => undefined;
            },
            text: () => "its last line\n",
        };
        const said: string[] = [];
        const clock = { now: () => now, sleep: (milliseconds: number) => Promise.resolve((now += milliseconds)) };
        const outcome = watchTraining(kubectl, "n", "job", (line) => said.push(line), clock);
        return { outcome, said, seconds: () => now / 1000 };
    };

    it("ends with the job, and has the lines of its first node", async () => {
        const { outcome, said } = watch([undefined, running, ended("Complete")], [pod("job-node-0-0-x", "Running")]);
        expect(await outcome).toEqual({
            succeeded: true,
            reason: "it is Complete",
            lines: ["final accuracy 1"],
            failures: {},
        });
        expect(said).toEqual(["pods: 1 Running", "  final accuracy 1"]);
    });

    it("tells of a failure with the last lines of each failed pod", async () => {
        const { outcome } = watch([ended("Failed")], [pod("job-node-0-0-x", "Failed")]);
        expect(await outcome).toMatchObject({
            succeeded: false,
            failures: { "job-node-0-0-x": "Failed (exit code unknown)\nits last line" },
        });
    });

    it("ends at once when the job is deleted", async () => {
        const { outcome, seconds } = watch([running, undefined]);
        await expect(outcome).rejects.toThrow(/job of namespace n was deleted/);
        expect(seconds()).toBeLessThan(2);
    });

    it.each([
        ["does not appear", [undefined], /job of namespace n is not there/],
        ["is on a cluster that stops answering", [running, silent], silent.message],
    ])("ends after half a minute when the job %s", async (_, answers, message) => {
        const { outcome, seconds } = watch(answers);
        await expect(outcome).rejects.toThrow(message);
        expect(seconds()).toBeGreaterThan(30);
        expect(seconds()).toBeLessThan(35);
    });

    it("bears a cluster that is silent for a while", async () => {
        const { outcome } = watch([running, ...Array<Error>(20).fill(silent), running, ended("Complete")]);
        expect((await outcome).succeeded).toBe(true);
    });
});

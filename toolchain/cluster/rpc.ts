import { CgroupPlan } from "./cgroups";
import { ComponentStatus, ImageArchive, RealNode, SimulatedNodes } from "./types";

interface StatePlan {
    /** Folder of the state on the host. */
    readonly state: string;
}

export interface RealNodePlan extends StatePlan, RealNode {
    readonly cgroups: CgroupPlan;
}

/** Nothing of it needs a cgroup: no pod runs. */
export interface SimulatedNodesPlan extends StatePlan, SimulatedNodes {}

/** What the supervisor needs to know to build the cluster. */
export type NodePlan = RealNodePlan | SimulatedNodesPlan;

/** What the keeper, outside, asks of the supervisor, inside, over Node's channel between parent and child. */
export interface SupervisorMethods {
    /** Brings everything up; answers with the versions that run. */
    readonly start: (plan: NodePlan) => Promise<Record<string, string>>;
    /** Answers with the references that were imported. */
    readonly importImages: (images: readonly ImageArchive[]) => Promise<string[]>;
    readonly components: () => Promise<ComponentStatus[]>;
    /** Ends everything, gently; the supervisor exits afterwards. */
    readonly stop: () => Promise<void>;
}

/** What the supervisor tells on its own. */
export type SupervisorEvent = { readonly step: string } | { readonly log: string };

type Method = keyof SupervisorMethods;
type Call = { readonly id: number; readonly method: Method; readonly params: readonly unknown[] };
type Answer = { readonly id: number; readonly result?: unknown; readonly error?: string };

/** One end of the channel: a child process, or `process` in a child. */
interface Channel {
    send?(message: object): boolean;
    on(event: "message", listener: (message: unknown) => void): unknown;
}

/** Serves the methods to the parent process. */
export function serveParent(methods: SupervisorMethods): void {
    process.on("message", (message: Call) => {
        const call = methods[message.method] as (...params: readonly unknown[]) => Promise<unknown>;
        call(...message.params).then(
            (result) => tellParent({ id: message.id, result }),
            (error: Error) => tellParent({ id: message.id, error: error.message }),
        );
    });
}

export function tellParent(message: Answer | SupervisorEvent): void {
    // The channel is gone only when the keeper is, and then this process is about to be killed.
    if (process.connected) process.send?.(message);
}

/** The methods of a child process, to be called from its parent. */
export function supervisorIn(child: Channel, onEvent: (event: SupervisorEvent) => void) {
    const pending = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
    let lastId = 0;
    child.on("message", (message) => {
        const answer = message as Answer | SupervisorEvent;
        if (!("id" in answer)) return onEvent(answer);
        const call = pending.get(answer.id);
        pending.delete(answer.id);
        if (answer.error === undefined) call?.resolve(answer.result);
        else call?.reject(new Error(answer.error));
    });
    const call =
        (method: Method) =>
        (...params: unknown[]): Promise<unknown> =>
            new Promise((resolve, reject) => {
                const id = ++lastId;
                pending.set(id, { resolve, reject });
                child.send?.({ id, method, params });
            });
    return {
        methods: {
            start: call("start"),
            importImages: call("importImages"),
            components: call("components"),
            stop: call("stop"),
        } as SupervisorMethods,
        /** Ends every open call, for when the child is gone. */
        abandon(reason: string): void {
            for (const { reject } of pending.values()) reject(new Error(reason));
            pending.clear();
        },
    };
}

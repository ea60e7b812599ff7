/** The program inside the namespaces: builds the node, runs the components, ends them. Bundled by bundle.ts. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { catalogue, referenceOf } from "../../images/catalogue";
import { CNI_PLUGINS } from "../distribution-packages";
import { applyAddons, realNodeAddons, simulatedNodesAddons } from "./addons";
import { Api } from "./api";
import { followTrust } from "./authentication";
import { CgroupPlan, handOnControllers } from "./cgroups";
import { Component, ComponentName } from "./component";
import { endContainers } from "./containers";
import { apiServer, controllerManager, etcd, scheduler } from "./control-plane";
import { importImages } from "./images";
import { kwok } from "./kwok";
import { hostLayout, net, node, NODE_NAME } from "./layout";
import { cgroupCommands, Command, mountCommands, networkCommands, networkFiles, shareMounts } from "./mounts";
import { networkPolicyStandIn } from "./network-policies/component";
import { containerd, coredns, kubelet, kubeProxy } from "./node-components";
import { boundLog, SupervisedProcess } from "./process";
import { serveRelay } from "./relay";
import { NodePlan, RealNodePlan, serveParent, tellParent } from "./rpc";
import { ImageArchive } from "./types";

const READY_WITHIN_MS = 90_000;
const CONTAINER_GRACE_MS = 5_000;
const COMPONENT_GRACE_MS = 5_000;
const LOG_CHECK_MS = 30_000;
const OVERLAYFS = 0x794c7630;

const processes = new Map<ComponentName, SupervisedProcess>();
const say = (log: string) => tellParent({ log });
const step = (done: string) => tellParent({ step: done });

async function start(plan: NodePlan): Promise<Record<string, string>> {
    buildNode(plan);
    step("namespaces");
    await serveRelay(node.relaySocket, net.nodeIp);
    const began = Date.now();
    const ready = startComponents(componentsOf(plan), hostLayout(plan.state).logs);
    const api = new Api(node.pki);
    const [{ gitVersion }, ofNodes] = await Promise.all([
        ready("kube-apiserver").then(() => api.get<{ gitVersion: string }>("/version")),
        plan.nodes === "real" ? realNode(plan, api, ready, began) : simulatedNodes(api, ready),
        ready("kube-controller-manager").then(() => defaultAccount(api)),
        ...[...processes.keys()].map(ready),
    ]);
    setInterval(boundLogs, LOG_CHECK_MS);
    followTrust(api, say);
    return { kubernetes: gitVersion, ...ofNodes };
}

async function realNode(plan: RealNodePlan, api: Api, ready: Ready, began: number): Promise<Record<string, string>> {
    const imported = ready("containerd").then(() => importOneByOne(plan.images));
    const [{ nodeInfo }] = await Promise.all([
        ready("kubelet").then(() => nodeReady(api, began)),
        imported,
        ready("kube-apiserver").then(() =>
            applyAddons(api, realNodeAddons(plan.networkPolicies === true), imported, step),
        ),
    ]);
    return {
        kubelet: nodeInfo.kubeletVersion,
        containerd: nodeInfo.containerRuntimeVersion.replace("containerd://", ""),
        kernel: nodeInfo.kernelVersion,
    };
}

async function simulatedNodes(api: Api, ready: Ready): Promise<Record<string, string>> {
    await ready("kube-apiserver");
    await applyAddons(api, simulatedNodesAddons(), Promise.resolve(), step);
    return {};
}

function buildNode(plan: NodePlan): void {
    run(mountCommands(plan.state));
    if (plan.nodes === "real") enterCgroups(plan.cgroups);
    run([shareMounts]);
    run(networkCommands());
    for (const [file, content] of Object.entries(networkFiles())) {
        // A distribution's resolv.conf may be a link into the host's /run.
        if (file.startsWith("/etc/")) rmSync(file, { force: true });
        writeFileSync(file, content);
    }
}

function enterCgroups({ version, hierarchies }: CgroupPlan): void {
    run(cgroupCommands(version, hierarchies));
    if (version === 2) leaveRootGroup();
}

/** cgroup v2 only, never run: a group with processes cannot have children with controllers, so all move to a leaf. */
function leaveRootGroup(): void {
    const leaf = "/sys/fs/cgroup/components";
    mkdirSync(leaf, { recursive: true });
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        writeFileSync(join(leaf, "cgroup.procs"), pid);
    }
    handOnControllers("/sys/fs/cgroup");
}

function run(commands: readonly Command[]): void {
    for (const [program, ...args] of commands) execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"] });
}

function componentsOf(plan: NodePlan): Component[] {
    const { binaries, nodes } = plan;
    const controlPlane = [etcd(binaries), apiServer(binaries, nodes), controllerManager(binaries), scheduler(binaries)];
    return [...controlPlane, ...(plan.nodes === "real" ? nodeComponentsOf(plan) : [kwok(plan)])];
}

function nodeComponentsOf({ binaries, cgroups, networkPolicies }: RealNodePlan): Component[] {
    const cniPlugins = CNI_PLUGINS.find((folder) => existsSync(join(folder, "ptp"))) ?? CNI_PLUGINS[0];
    const snapshotter = statfsSync(node.containerd).type === OVERLAYFS ? "native" : "overlayfs";
    const pauseImage = referenceOf(catalogue.pause);
    return [
        containerd({ pauseImage, cniPlugins, snapshotter }),
        ...(networkPolicies === true ? [networkPolicyStandIn(__dirname)] : []),
        kubelet(binaries, cgroups.version, networkPolicies),
        kubeProxy(binaries),
        coredns(binaries),
    ];
}

type Ready = (name: ComponentName) => Promise<void>;

/** Starts every component as soon as those before it are ready; answers when a component is. */
function startComponents(components: readonly Component[], logsOnHost: string): Ready {
    const ready = new Map<ComponentName, Promise<void>>();
    const readyOf = (name: ComponentName) => ready.get(name) ?? Promise.reject(new Error(`${name} is not started`));
    for (const component of components) {
        for (const [file, content] of Object.entries(component.files)) {
            mkdirSync(dirname(file), { recursive: true });
            writeFileSync(file, content, { mode: 0o600 });
        }
        const supervised = new SupervisedProcess(component, node.logs, logsOnHost, say);
        processes.set(component.name, supervised);
        const started = Promise.all(component.after.map(readyOf)).then(async () => {
            supervised.start();
            await supervised.becomesReady(READY_WITHIN_MS);
            step(component.name);
        });
        ready.set(component.name, started);
    }
    return readyOf;
}

interface NodeObject {
    readonly status: {
        readonly conditions?: readonly { type: string; status: string; lastHeartbeatTime: string }[];
        readonly nodeInfo: { kubeletVersion: string; containerRuntimeVersion: string; kernelVersion: string };
    };
}

/** Waits for the kubelet's own word: after a restart the object still says Ready from the time before. */
async function nodeReady(api: Api, since: number): Promise<NodeObject["status"]> {
    const second = Math.floor(since / 1000) * 1000;
    const status = await eventually("the node", async () => {
        const { status } = await api.get<NodeObject>(`/api/v1/nodes/${NODE_NAME}`);
        const ready = status.conditions?.find(({ type }) => type === "Ready");
        return ready?.status === "True" && Date.parse(ready.lastHeartbeatTime) >= second ? status : undefined;
    });
    step("node Ready");
    return status;
}

/** Pods in `default` are refused until the controller-manager has made its service account. */
async function defaultAccount(api: Api): Promise<void> {
    await eventually("the default service account", () =>
        api.get("/api/v1/namespaces/default/serviceaccounts/default"),
    );
}

async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + READY_WITHIN_MS;
    let last = "";
    while (Date.now() < deadline) {
        const found = await look().catch((error: Error) => {
            last = ` (${error.message})`;
            return undefined;
        });
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${what} did not become ready within ${READY_WITHIN_MS / 1000} s${last}`);
}

let importing: Promise<unknown> = Promise.resolve();

/** Two imports at once would fight for the same content. */
function importOneByOne(images: readonly ImageArchive[]): Promise<string[]> {
    const next = importing.then(
        () => importImages(images),
        () => importImages(images),
    );
    importing = next;
    return next.then((imported) => {
        if (imported.length > 0) step(`${imported.length} images imported`);
        return imported;
    });
}

function boundLogs(): void {
    for (const file of readdirSync(node.logs)) if (file.endsWith(".log")) boundLog(join(node.logs, file));
}

async function stop(): Promise<void> {
    const end = (name: ComponentName) => processes.get(name)?.stop(COMPONENT_GRACE_MS) ?? Promise.resolve();
    await end("kubelet"); // First, or it would start again what ends next.
    await endContainers(CONTAINER_GRACE_MS);
    await Promise.all([...processes.keys()].filter((name) => name !== "etcd").map(end));
    await end("etcd");
}

async function stopAndExit(): Promise<never> {
    await stop().catch((error: Error) => say(`stopping: ${error.message}`));
    process.exit(0);
}

serveParent({
    start,
    importImages: importOneByOne,
    components: () => Promise.resolve([...processes.values()].map(({ status }) => status)),
    stop,
});
process.on("SIGTERM", () => void stopAndExit());
process.on("disconnect", () => void stopAndExit());

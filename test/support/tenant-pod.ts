import { references } from "../../images/catalogue";
import { eventually, LocalPlatform } from "./local-platform";

const SECURITY = {
    runAsNonRoot: true,
    runAsUser: 65532,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
};

/** What a container needs to be let into a team's namespace and to find the platform's services. */
export function tenantContainer(command: readonly string[], more: object = {}): object {
    return {
        image: references()["pipeline-steps"],
        imagePullPolicy: "IfNotPresent",
        command,
        envFrom: [{ configMapRef: { name: "mlp-environment" } }, { secretRef: { name: "object-store" } }],
        resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "256Mi" } },
        volumeMounts: [{ name: "scratch", mountPath: "/tmp" }],
        securityContext: SECURITY,
        ...more,
    };
}

export const SCRATCH = [{ name: "scratch", emptyDir: {} }];

/** A pod of a team as its members may start one through a workflow. */
export function tenantPod(namespace: string, name: string, account: string, container: object): object {
    return {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, namespace },
        spec: {
            serviceAccountName: account,
            restartPolicy: "Never",
            containers: [{ name: "main", ...container }],
            volumes: SCRATCH,
        },
    };
}

/** Runs a program of Python with boto3 in a pod of a team to its end, and gives what it printed, which must be JSON. */
export async function runInTenant<T>(
    platform: LocalPlatform,
    { namespace, account = "pipeline" }: { readonly namespace: string; readonly account?: string },
    program: string,
    ...args: readonly string[]
): Promise<T> {
    const name = `test-${account}-${Math.random().toString(36).slice(2, 8)}`;
    const pod = tenantPod(namespace, name, account, tenantContainer(["python3", "-c", program, ...args]));
    const made = platform.kubectl(["create", "--filename=-"], JSON.stringify(pod));
    if (made.code !== 0) throw new Error(made.output);
    try {
        const phase = await eventually(`pod ${name} ends`, () => {
            const { status } = platform.get<{ status: { phase: string } }>(`pod/${name}`, "-n", namespace);
            return ["Succeeded", "Failed"].includes(status.phase) ? status.phase : undefined;
        });
        const { stdout } = platform.kubectl(["logs", name, "--namespace", namespace]);
        if (phase !== "Succeeded") throw new Error(`pod ${name} failed: ${stdout}`);
        return JSON.parse(stdout) as T;
    } finally {
        platform.kubectl(["delete", "pod", name, "--namespace", namespace, "--wait=false"]);
    }
}

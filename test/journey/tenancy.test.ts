import { LocalPlatform } from "../support/local-platform";

const OWN = "team-vision";
const OTHER = "team-language";

/** A program for a pod with Python's own library: answers of services, one status a line. */
const REQUESTS = `
import json, os, ssl, sys, urllib.error, urllib.request
token = open("/var/run/secrets/kubernetes.io/serviceaccount/token").read()
unverified = ssl._create_unverified_context()
def status(url, headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20, context=unverified).status
    except urllib.error.HTTPError as error:
        return error.code
mlflow = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/registered-models/search"
argo = "https://" + os.environ["ARGO_SERVER"] + "/api/v1/workflows/"
store = os.environ["AWS_ENDPOINT_URL_S3"] + "/" + os.environ["MLP_ARTIFACTS_BUCKET"] + "/?list-type=2"
bearer = {"Authorization": "Bearer " + token}
own, other = sys.argv[1:]
print(json.dumps({
    "own models": status(mlflow, {**bearer, "X-MLFLOW-WORKSPACE": own}),
    "other models": status(mlflow, {**bearer, "X-MLFLOW-WORKSPACE": other}),
    "models of nobody": status(mlflow, {"X-MLFLOW-WORKSPACE": own}),
    "own workflows": status(argo + own, bearer),
    "other workflows": status(argo + other, bearer),
    "workflows of nobody": status(argo + own, {}),
    "objects of nobody": status(store, {}),
}))
`;

describe("two teams on the local platform", () => {
    jest.setTimeout(180_000);
    let platform: LocalPlatform;
    beforeAll(async () => {
        platform = await LocalPlatform.find();
    });

    /** What the API server says of a right; asked of it directly, as kubectl refuses kinds that it does not know. */
    const may = (account: string, namespace: string, verb: string, group: string, resource: string): boolean => {
        const review = {
            apiVersion: "authorization.k8s.io/v1",
            kind: "SubjectAccessReview",
            spec: {
                user: `system:serviceaccount:${OWN}:${account}`,
                resourceAttributes: { namespace, verb, group, resource },
            },
        };
        const { stdout } = platform.kubectl(["create", "--filename=-", "--output=json"], JSON.stringify(review));
        return (JSON.parse(stdout) as { status: { allowed: boolean } }).status.allowed;
    };

    const RIGHTS = [
        ["member", "create", "argoproj.io", "workflows"],
        ["member", "get", "mlflow.kubeflow.org", "registeredmodels"],
        ["member", "get", "", "pods"],
        ["pipeline", "create", "argoproj.io", "workflowtaskresults"],
        ["pipeline", "create", "trainer.kubeflow.org", "trainjobs"],
        ["pipeline", "create", "mlflow.kubeflow.org", "experiments"],
    ] as const;

    it.each(RIGHTS)("let %s %s %s/%s in its own namespace alone", (account, verb, group, resource) => {
        expect([OWN, OTHER].map((namespace) => may(account, namespace, verb, group, resource))).toEqual([true, false]);
    });

    it("let no account read Secrets", () => {
        const asked = ["member", "pipeline"].flatMap((account) =>
            [OWN, OTHER, "mlp-data"].map((namespace) => may(account, namespace, "get", "", "secrets")),
        );
        expect(asked).not.toContain(true);
    });

    it("refuse a privileged pod with the level that it breaks", () => {
        const pod = podOf("privileged", { privileged: true });
        const { code, output } = platform.kubectl(["create", "--filename=-"], JSON.stringify(pod));
        expect(code).not.toBe(0);
        expect(output).toContain('violates PodSecurity "restricted:latest"');
    });

    it("are strangers to one another's models and workflows, and strangers get nothing", () => {
        const name = "tenancy-requests";
        platform.kubectl(["delete", "pod", name, "--namespace", OWN, "--ignore-not-found"]);
        const created = platform.kubectl(["create", "--filename=-"], JSON.stringify(podOf(name, {})));
        expect(created.output).toContain("created");
        try {
            const ended = ["--for=jsonpath={.status.phase}=Succeeded", "--timeout=120s"];
            const waited = platform.kubectl(["wait", `pod/${name}`, "--namespace", OWN, ...ended]);
            const { stdout } = platform.kubectl(["logs", name, "--namespace", OWN]);
            expect(waited.code).toBe(0);
            const answers = JSON.parse(stdout) as Record<string, number>;
            expect(answers).toMatchObject({ "own models": 200, "own workflows": 200 });
            for (const refused of ["other models", "models of nobody", "other workflows", "workflows of nobody"]) {
                expect([refused, [401, 403].includes(answers[refused] ?? 0)]).toEqual([refused, true]);
            }
            expect(answers["objects of nobody"]).toBe(403);
        } finally {
            platform.kubectl(["delete", "pod", name, "--namespace", OWN, "--wait=false"]);
        }
    });

    /** A pod of the team as a member would start one. */
    function podOf(name: string, security: object): object {
        const { items } = platform.get<{ items: { spec: unknown }[] }>("clustertrainingruntimes");
        const image = /"image":"([^"]*plain-runtime[^"]*)"/.exec(JSON.stringify(items))?.[1];
        return {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name, namespace: OWN },
            spec: {
                serviceAccountName: "member",
                restartPolicy: "Never",
                securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
                containers: [
                    {
                        name: "requests",
                        image,
                        imagePullPolicy: "IfNotPresent",
                        command: ["python3", "-c", REQUESTS, OWN, OTHER],
                        envFrom: [{ configMapRef: { name: "mlp-environment" } }],
                        securityContext: {
                            allowPrivilegeEscalation: false,
                            capabilities: { drop: ["ALL"] },
                            ...security,
                        },
                    },
                ],
            },
        };
    }
});

import { CommandLine } from "../../kubernetes/commands";
import { objectsOfKind } from "../../kubernetes/objects";
import { containers } from "../../kubernetes/pods";
import { argoDocs } from "../../references";
import { rule } from "../../rule";

const ARGO = /^argo(cli|-?server)?$/;

export const argoServerAuth = rule({
    id: "argo-server-auth",
    title: "Argo's server acts with the rights of who asks",
    level: "mandatory",
    severity: "critical",
    why: "In mode `server` everybody who reaches it, signed in or not, has the server's rights over all workflows.",
    fix: "Start it with `--auth-mode=client`, `--auth-mode=sso` or both.",
    references: [argoDocs("Argo Server Auth Mode", "argo-server-auth-mode/")],
    places: (resource) => containers(resource).map((one) => new CommandLine(one)),
    judge: (command) => {
        if (!command.runs(ARGO, "server")) return undefined;
        const allowed = "client, sso or both";
        const modes = command.options("--auth-mode");
        const open = modes.find(({ value }) => value !== undefined && !["client", "sso"].includes(value));
        if (open !== undefined) return { at: open.at, found: open.value, allowed };
        return modes.length === 0 ? { at: command.args, found: "no --auth-mode", allowed } : undefined;
    },
});

/** Words that only Argo's configuration has. */
const CONFIGURATION = /\b(artifactRepository|workflowDefaults|workflowRestrictions)\b/;
const RESTRICTED = /\btemplateReferencing["']?\s*:\s*["']?(Secure|Strict)\b/;

export const argoTemplateReferencing = rule({
    id: "argo-template-referencing",
    title: "Workflows in prod come from stored templates",
    level: "mandatory-in-prod",
    severity: "medium",
    why: "Else whoever may submit a workflow runs any image and command, reviewed by nobody.",
    fix: "Set `workflowRestrictions.templateReferencing` to Secure or Strict in Argo's configuration.",
    references: [argoDocs("Workflow Restrictions", "workflow-restrictions/")],
    places: objectsOfKind("core/ConfigMap"),
    judge: ({ root, partial }) => {
        const at = root.field("data");
        const text = at.keys.map((key) => `${key}: ${at.field(key).text ?? ""}`).join("\n");
        return partial || !CONFIGURATION.test(text) || RESTRICTED.test(text)
            ? undefined
            : { at, found: "no templateReferencing", allowed: "templateReferencing: Secure or Strict" };
    },
});

import { containers } from "../../kubernetes/pods";
import { Property } from "../../property";
import { kubernetesDocs } from "../../references";
import { Finding, rule } from "../../rule";

/** Vendors whose devices are counted in whole pieces and never overcommitted. */
const DEVICE = /^(nvidia\.com|amd\.com|gpu\.intel\.com|habana\.ai|aws\.amazon\.com)\//;

export const gpu = rule({
    id: "pod-gpu-limit",
    title: "GPUs are whole, and limited to what is requested",
    level: "mandatory",
    severity: "medium",
    why: "Devices cannot be overcommitted: the API server refuses such a pod only when a controller makes it.",
    fix: "Set the GPU under `limits` and leave it out of `requests`, or write the same whole number in both.",
    references: [kubernetesDocs("Schedule GPUs", "tasks/manage-gpus/scheduling-gpus/")],
    places: (resource) => containers(resource).map(({ resources }) => resources),
    judge: (resources) => {
        const limits = resources.field("limits");
        const requests = resources.field("requests");
        const devices = new Set([...limits.keys, ...requests.keys].filter((name) => DEVICE.test(name)));
        return [...devices]
            .map((device) => unequal(limits.field(device), requests.field(device)))
            .find((finding) => finding !== undefined);
    },
});

function unequal(limit: Property, request: Property): Finding | undefined {
    if (!limit.exists) return { at: limit, allowed: `the request, ${String(request.scalar)}` };
    if (!/^\d+$/.test(String(limit.scalar))) return { at: limit, found: limit.scalar, allowed: "a whole number" };
    return request.exists && String(request.scalar) !== String(limit.scalar)
        ? { at: request, found: request.scalar, allowed: `the limit, ${String(limit.scalar)}` }
        : undefined;
}

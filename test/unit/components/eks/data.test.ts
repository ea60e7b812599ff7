import { ADDON_VERSIONS, ADDONS } from "../../../../components/cluster/eks/addon-versions";
import { instanceType, instanceTypeNames } from "../../../../components/cluster/eks/instance-types";
import { KUBERNETES_SUPPORT, supportedOn } from "../../../../components/cluster/eks/kubernetes-support";

describe("the table of instance types", () => {
    const all = [true, false].flatMap((withGpu) => instanceTypeNames({ withGpu }));

    it("holds the types that the platform's environments name, as EC2 describes them", () => {
        const facts = ["g6e.xlarge", "p4de.24xlarge", "p5en.48xlarge", "g5g.xlarge", "m7i.large"].map((name) => {
            const type = instanceType(name);
            return [name, type?.gpus, type?.gpu?.product, type?.efaInterfaces, type?.architecture, type?.usdPerHour];
        });
        expect(facts).toEqual([
            ["g6e.xlarge", 1, "L40S", 0, "amd64", 1.861],
            ["p4de.24xlarge", 8, "A100", 4, "amd64", 27.4471],
            ["p5en.48xlarge", 8, "H200", 16, "amd64", 63.296],
            ["g5g.xlarge", 1, "T4G", 0, "arm64", 0.42],
            ["m7i.large", 0, undefined, 0, "amd64", 0.1008],
        ]);
    });

    it("is plausible in every row", () => {
        const odd = all.filter((name) => {
            const type = instanceType(name);
            if (type === undefined || type.vcpu < 2 || type.memoryGiB < 2) return true;
            const priced = type.usdPerHour === undefined || (type.usdPerHour > 0.01 && type.usdPerHour < 200);
            return !priced || (type.gpu === undefined) !== (type.gpus === 0);
        });
        expect(odd).toEqual([]);
    });

    it("labels every GPU with what Kubernetes takes as a label's value, time-sliced or not", () => {
        const names = all.flatMap((name) => instanceType(name)?.gpu?.discovered ?? []);
        expect(names.filter((name) => !/^[A-Za-z0-9][A-Za-z0-9_.-]{0,61}[A-Za-z0-9]$/.test(`${name}-SHARED`))).toEqual(
            [],
        );
        expect(names).toContain("NVIDIA-H100-80GB-HBM3");
    });

    it("lacks a price where us-east-1 sells the type in other ways alone", () => {
        expect(all.filter((name) => instanceType(name)?.usdPerHour === undefined)).toEqual(["p5e.48xlarge"]);
    });
});

describe("the table of Kubernetes versions", () => {
    it("is in order, each supported for a while and then for longer", () => {
        const starts = KUBERNETES_SUPPORT.map(({ released }) => released);
        expect(starts).toEqual([...starts].sort());
        const odd = KUBERNETES_SUPPORT.filter(
            (row) => row.released >= row.standardEnds || row.standardEnds >= row.extendedEnds,
        );
        expect(odd).toEqual([]);
    });

    it.each([
        ["2026-06-01", ["1.33", "1.34", "1.35"]],
        ["2026-11-24", ["1.34", "1.35", "1.36"]],
        ["2026-12-02", ["1.34", "1.35", "1.36"]],
        ["2026-12-03", ["1.35", "1.36"]],
        ["2028-01-01", []],
    ])("knows what is supported on %s", (day, versions) => {
        expect(supportedOn(day).map(({ version }) => version)).toEqual(versions);
    });

    it("has a build of every add-on for every version that is supported today", () => {
        for (const { version } of supportedOn("2026-11-24")) {
            expect([version, Object.keys(ADDON_VERSIONS[version] ?? {}).sort()]).toEqual([version, [...ADDONS].sort()]);
        }
        const builds = Object.values(ADDON_VERSIONS).flatMap((row) => Object.values(row));
        expect(builds.filter((build) => !/^v\d+\.\d+\.\d+-eksbuild\.\d+$/.test(build))).toEqual([]);
    });

    it("pins kube-proxy to the control plane's own minor version", () => {
        for (const [version, row] of Object.entries(ADDON_VERSIONS)) {
            expect(row["kube-proxy"].startsWith(`v${version}.`)).toBe(true);
        }
    });
});

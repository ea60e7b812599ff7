import { planCgroups } from "../../../../toolchain/cluster/cgroups";

const mount = (point: string, options: string, root = "/", type = "cgroup") =>
    `30 29 0:26 ${root} ${point} rw,relatime shared:9 - ${type} ${type} rw,${options}`;

describe("planCgroups", () => {
    it("makes one group per v1 hierarchy, below the group that we are in", () => {
        const mountinfo = [mount("/sys/fs/cgroup/memory", "memory"), mount("/sys/fs/cgroup/pids", "pids")].join("\n");
        const plan = planCgroups("4:memory:/session/1\n8:pids:/\n", mountinfo, "mlp");

        expect(plan).toEqual({
            version: 1,
            hierarchies: [
                {
                    controllers: "memory",
                    mountPoint: "/sys/fs/cgroup/memory",
                    directory: "/sys/fs/cgroup/memory/session/1/mlp",
                },
                { controllers: "pids", mountPoint: "/sys/fs/cgroup/pids", directory: "/sys/fs/cgroup/pids/mlp" },
            ],
        });
    });

    it("finds controllers that share a hierarchy under whatever name it is mounted", () => {
        const mountinfo = mount("/sys/fs/cgroup/cpu,cpuacct", "cpu,cpuacct");
        const { hierarchies } = planCgroups("3:cpu,cpuacct:/a\n", mountinfo, "mlp");
        expect(hierarchies.map(({ directory }) => directory)).toEqual(["/sys/fs/cgroup/cpu,cpuacct/a/mlp"]);
    });

    it("counts the path from what is mounted, as in a container that sees only its own group", () => {
        const mountinfo = mount("/sys/fs/cgroup/pids", "pids", "/docker/abc");
        const { hierarchies } = planCgroups("8:pids:/docker/abc/x\n", mountinfo, "mlp");
        expect(hierarchies[0]?.directory).toBe("/sys/fs/cgroup/pids/x/mlp");
    });

    it("takes a hybrid host for v1 and leaves its unified hierarchy alone", () => {
        const mountinfo = [
            mount("/sys/fs/cgroup/systemd", "name=systemd"),
            mount("/sys/fs/cgroup/unified", "", "/", "cgroup2"),
        ].join("\n");
        const plan = planCgroups("9:name=systemd:/\n0::/\n", mountinfo, "mlp");
        expect(plan.version).toBe(1);
        expect(plan.hierarchies.map(({ controllers }) => controllers)).toEqual(["name=systemd"]);
    });

    it("makes a single group at the root where there is only v2", () => {
        const plan = planCgroups("0::/user.slice/x\n", mount("/sys/fs/cgroup", "nsdelegate", "/", "cgroup2"), "mlp");
        expect(plan).toEqual({
            version: 2,
            hierarchies: [{ controllers: "", mountPoint: "/sys/fs/cgroup", directory: "/sys/fs/cgroup/mlp" }],
        });
    });
});

import { cgroupCommands, mountCommands, networkCommands } from "../../../../toolchain/cluster/mounts";
import { sandboxCommand } from "../../../../toolchain/cluster/sandbox";

const lines = (commands: readonly (readonly string[])[]) => commands.map((command) => command.join(" "));

describe("sandboxCommand", () => {
    const command = sandboxCommand(["/cg/a", "/cg/b"], ["node", "supervisor.js"]).join(" ");

    it("dies with its caller, and all namespaces with it", () => {
        expect(command).toMatch(/^setpriv --pdeathsig KILL unshare /);
        expect(command).toContain("--mount --net --pid --uts --ipc --fork --kill-child=KILL --mount-proc");
    });

    it("enters the cgroups before it makes their namespace", () => {
        expect(command).toContain("enter 2 /cg/a /cg/b ");
        expect(command).toContain('exec unshare --cgroup "$@"');
        expect(command).toMatch(/mlp-init node supervisor\.js$/);
    });
});

describe("mountCommands", () => {
    const commands = lines(mountCommands("/home/ana/.local/share/mlp/cluster"));
    const position = (start: string) => commands.findIndex((line) => line.startsWith(start));

    it("takes the state in before anything can hide it", () => {
        expect(commands[0]).toBe("mount --bind /home/ana/.local/share/mlp/cluster /mnt");
        expect(position("mount --bind /mnt /run/mlp")).toBeLessThan(position("mount -t overlay"));
    });

    it("layers memory over the folders that programs write to, then mounts the state where a node has it", () => {
        for (const folder of ["/etc", "/var/lib", "/usr/libexec"]) {
            expect(commands).toContainEqual(expect.stringMatching(new RegExp(`lowerdir=${folder},.* ${folder}$`)));
        }
        expect(position("mount -t overlay")).toBeLessThan(position("mount --bind /run/mlp/kubelet /var/lib/kubelet"));
    });

    it("keeps the kubelet's settings from the host's kernel", () => {
        expect(commands).toContainEqual(expect.stringMatching(/^mount --bind .* \/proc\/sys\/vm\/overcommit_memory$/));
    });
});

describe("cgroupCommands", () => {
    const hierarchy = (controllers: string) => ({ controllers, mountPoint: "", directory: "" });

    it("remounts every v1 hierarchy, named and shared ones too", () => {
        const commands = lines(cgroupCommands(1, [hierarchy("cpu,cpuacct"), hierarchy("name=systemd")]));
        expect(commands).toContain("mount -t cgroup -o cpu,cpuacct cgroup /sys/fs/cgroup/cpu,cpuacct");
        expect(commands).toContain("ln -s cpu,cpuacct /sys/fs/cgroup/cpuacct");
        expect(commands).toContain("mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd");
    });

    it("mounts the one hierarchy of v2", () => {
        expect(lines(cgroupCommands(2, [hierarchy("")])).at(-1)).toBe("mount -t cgroup2 cgroup2 /sys/fs/cgroup");
    });
});

describe("networkCommands", () => {
    it("routes services to the node and leaves no way out", () => {
        const commands = lines(networkCommands());
        expect(commands).toContain("ip route add 10.96.0.0/16 dev node0");
        expect(commands.join("\n")).not.toContain("default");
    });
});

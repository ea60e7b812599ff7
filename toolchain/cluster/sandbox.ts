/**
 * Enters the cgroups, then makes the cgroup namespace, whose root is the group that one is in at that moment. Last of
 * all namespaces, so that only processes inside are in the groups.
 */
const ENTER = `set -e; n=$1; shift
while [ "$n" -gt 0 ]; do echo 0 > "$1/cgroup.procs"; n=$((n-1)); shift; done
exec unshare --cgroup "$@"`;

/**
 * PID 1 of the cluster. A shell, because it reaps the orphans that containerd's shims leave to PID 1, which Node does
 * not do. When its only child, the supervisor, is gone, it ends and the kernel ends the rest of the namespace.
 */
const INIT = `"$@" & main=$!
trap 'kill -TERM $main' TERM
while kill -0 $main 2>/dev/null; do wait $main; done`;

const NAMESPACES = ["--mount", "--net", "--pid", "--uts", "--ipc"];

/** The command that runs another as the cluster's supervisor, in namespaces that die with the caller. */
export function sandboxCommand(cgroups: readonly string[], supervisor: readonly string[]): readonly string[] {
    return [
        ...["setpriv", "--pdeathsig", "KILL"],
        ...["unshare", ...NAMESPACES, "--fork", "--kill-child=KILL", "--mount-proc", "--propagation", "private"],
        ...["bash", "-c", ENTER, "enter", String(cgroups.length), ...cgroups],
        ...["bash", "-c", INIT, "mlp-init", ...supervisor],
    ];
}

/**
 * PID 1 of the cluster. A shell, because it reaps the orphans that containerd's shims leave to PID 1, which Node does
 * not do. When its only child, the supervisor, is gone, it ends and the kernel ends the rest of the namespace.
 */
const INIT = `"$@" & main=$!
trap 'kill -TERM $main' TERM
while kill -0 $main 2>/dev/null; do wait $main; done`;

/** Enters the groups before the namespaces are made: the root of the cgroup namespace is the group one is in then. */
const ENTER = `set -e; n=$1; shift
while [ "$n" -gt 0 ]; do echo $$ > "$1/cgroup.procs"; n=$((n-1)); shift; done
exec "$@"`;

const NAMESPACES = ["--mount", "--net", "--pid", "--cgroup", "--uts", "--ipc"];

/** The command that runs another as the cluster's supervisor, in namespaces that die with the caller. */
export function sandboxCommand(cgroups: readonly string[], supervisor: readonly string[]): readonly string[] {
    return [
        ...["bash", "-c", ENTER, "enter", String(cgroups.length), ...cgroups],
        ...["setpriv", "--pdeathsig", "KILL"],
        ...["unshare", ...NAMESPACES, "--fork", "--kill-child=KILL", "--mount-proc", "--propagation", "private"],
        ...["bash", "-c", INIT, "mlp-init", ...supervisor],
    ];
}

// The archive of the module lacks this file of its package osspecific, which does not compile for Linux without it. The
// build lays it over the module's folder.

package osspecific

import (
	"os"
	"syscall"

	"github.com/argoproj/argo-workflows/v4/util/errors"
)

// Term is the signal that asks a step to end.
var Term = syscall.SIGTERM

// CanIgnoreSignal tells which signals are meant for the executor itself and not for the step.
func CanIgnoreSignal(s os.Signal) bool {
	return s == syscall.SIGCHLD || s == syscall.SIGURG
}

// Kill sends a signal to the process and all of its group.
func Kill(pid int, s syscall.Signal) error {
	// To kill, numbers below one mean many processes. Wait shows such a number for a moment.
	if pid < 1 {
		return syscall.ESRCH
	}
	if group, err := syscall.Getpgid(pid); err == nil {
		return syscall.Kill(-group, s)
	}
	return syscall.Kill(pid, s)
}

// Setpgid gives the process to be started a group of its own.
func Setpgid(a *syscall.SysProcAttr) {
	a.Setpgid = true
}

// Wait waits for the step's process alone, as the kubelet does, and reaps what else ends meanwhile: the executor is
// the container's first process, so orphans become its children.
func Wait(process *os.Process) error {
	pid := process.Pid
	// On SIGTERM the executor's context ends and os/exec would kill the step at once, before its own handler has run.
	// A released process is out of its reach.
	if err := process.Release(); err != nil {
		return err
	}
	// Release forgets the number, but callers send signals to it.
	process.Pid = pid
	for {
		var status syscall.WaitStatus
		ended, err := syscall.Wait4(-1, &status, 0, nil)
		switch {
		case err == syscall.EINTR || err == nil && ended != pid:
			continue
		case err != nil:
			return err
		case status.Signaled():
			return errors.NewExitErr(128 + int(status.Signal()))
		default:
			return errors.NewExitErr(status.ExitStatus())
		}
	}
}

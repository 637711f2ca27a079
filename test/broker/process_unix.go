//go:build unix && !linux

package broker

import (
	"os/exec"
	"syscall"
)

// Only Linux can tie a child's life to its parent's; elsewhere cleanup, the
// test's deadline and interrupts end it.
func dieWithParent(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

package broker

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// process is one JVM with its own folder; its output goes to out.log there.
type process struct {
	name string
	dir  string
	argv []string
	env  []string

	cmd  *exec.Cmd
	done chan struct{} // closed when the process has been reaped
}

func (p *process) logFile() string { return filepath.Join(p.dir, "out.log") }

func (p *process) start() error {
	out, err := os.OpenFile(p.logFile(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer out.Close()
	cmd := exec.Command(p.argv[0], p.argv[1:]...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), p.env...)
	cmd.Stdout, cmd.Stderr = out, out
	dieWithParent(cmd)

	started, done := make(chan error, 1), make(chan struct{})
	go func() {
		// The parent-death signal follows the thread that forked, so that thread
		// has to live as long as the child.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is told by its log
		}
		close(done)
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start %s: %w", p.name, err)
	}
	p.cmd, p.done = cmd, done
	return nil
}

// kill ends the process and everything it started, and waits until it is gone.
// A 5.x broker takes more than ten seconds to follow a polite request, and its
// store is thrown away anyway.
func (p *process) kill() {
	if p.cmd == nil {
		return
	}
	killGroup(p.cmd)
	<-p.done
}

func (p *process) running() bool {
	if p.cmd == nil {
		return false
	}
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// tail is the end of the process's output, for a failing test's log.
func (p *process) tail(lines int) string {
	text, err := os.ReadFile(p.logFile())
	if err != nil {
		return err.Error()
	}
	return lastLines(string(text), lines)
}

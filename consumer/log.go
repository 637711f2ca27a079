package consumer

import (
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq/rlog"
)

// logs writes what happens again and again at most once a minute for each cause, and says how often it was
// silent.
type logs struct {
	logger rlog.Logger
	group  string

	mu   sync.Mutex
	last map[string]*lastLine
}

type lastLine struct {
	at         time.Time
	suppressed int
}

// warnEach is how often the same cause is worth a line.
const warnEach = time.Minute

// maxCauses bounds the table of causes.
const maxCauses = 1024

func newLogs(logger rlog.Logger, group string) *logs {
	return &logs{logger: logger, group: group, last: make(map[string]*lastLine)}
}

// warn logs a warning unless one with that cause was logged in the last minute.
func (l *logs) warn(cause, msg string, fields map[string]any) {
	now := time.Now()
	l.mu.Lock()
	e := l.last[cause]
	if e != nil && now.Sub(e.at) < warnEach {
		e.suppressed++
		l.mu.Unlock()
		return
	}
	if e == nil {
		if len(l.last) >= maxCauses {
			clear(l.last)
		}
		e = &lastLine{}
		l.last[cause] = e
	}
	suppressed := e.suppressed
	e.at, e.suppressed = now, 0
	l.mu.Unlock()

	if suppressed > 0 {
		fields["suppressed"] = suppressed
	}
	fields[rlog.LogKeyConsumerGroup] = l.group
	l.logger.Warning(msg, fields)
}

// forget makes the next warning with that cause appear at once: what was wrong has become right in between.
func (l *logs) forget(cause string) {
	l.mu.Lock()
	delete(l.last, cause)
	l.mu.Unlock()
}

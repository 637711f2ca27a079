package consumer

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/rlog"
)

// recorder keeps what is logged.
type recorder struct {
	rlog.Logger
	mu    sync.Mutex
	lines []line
}

type line struct {
	level, msg string
	fields     map[string]any
}

func newRecorder() *recorder { return &recorder{Logger: rlog.Discard()} }

func (r *recorder) add(level, msg string, fields map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, line{level, msg, fields})
}

func (r *recorder) Info(msg string, f map[string]any)    { r.add("info", msg, f) }
func (r *recorder) Warning(msg string, f map[string]any) { r.add("warning", msg, f) }
func (r *recorder) Error(msg string, f map[string]any)   { r.add("error", msg, f) }

func (r *recorder) find(msg string) []line {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []line
	for _, l := range r.lines {
		if l.msg == msg {
			out = append(out, l)
		}
	}
	return out
}

func (r *recorder) all() []line {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]line(nil), r.lines...)
}

func TestLogsAreSilentAboutTheSameCauseForAMinute(t *testing.T) {
	t.Parallel()
	r := newRecorder()
	l := newLogs(r, "group")
	for range 100 {
		l.warn("a", "it fails", map[string]any{})
		l.warn("b", "that fails", map[string]any{})
	}
	require.Len(t, r.find("it fails"), 1)
	require.Len(t, r.find("that fails"), 1)
	l.forget("a")
	l.warn("a", "it fails", map[string]any{})
	require.Len(t, r.find("it fails"), 2)
	l.last["b"].at = l.last["b"].at.Add(-2 * warnEach)
	l.warn("b", "that fails", map[string]any{})
	require.EqualValues(t, 99, r.find("that fails")[1].fields["suppressed"])
	for i := range 3 * maxCauses {
		l.warn(string(rune(i)), "x", map[string]any{})
	}
	require.LessOrEqual(t, len(l.last), maxCauses)
}

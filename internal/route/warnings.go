package route

import (
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq/rlog"
)

// warnings logs at most one line in warnGap, however many topics fail for however long.
type warnings struct {
	logger rlog.Logger

	mu   sync.Mutex
	last time.Time
	more int // lines left out since then
}

func (w *warnings) line(msg string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if !w.last.IsZero() && now.Sub(w.last) < warnGap {
		w.more++
		return
	}
	fields := map[string]interface{}{rlog.LogKeyUnderlayError: err.Error()}
	if w.more > 0 {
		fields["suppressed"] = w.more
	}
	w.last, w.more = now, 0
	w.logger.Warning(msg, fields)
}

package mqserver

import (
	"slices"
	"sync"
	"time"

	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// AnyCode stands for every request code in OnCommand and Requests.
const AnyCode int32 = -1

// Command is a request as a hook sees it. mqtest.Command has the same fields.
type Command struct {
	Code   int32
	Broker string
	Addr   string
	From   string
	OneWay bool
	Remark string
	Fields map[string]string
	Body   []byte
}

// Reply is what a hook wants done. mqtest.Reply has the same fields.
type Reply struct {
	Code   int32
	Remark string
	Fields map[string]string
	Body   []byte

	Delay time.Duration
	Pass  bool
	Drop  bool
	Close bool
	Raw   []byte
}

// hooks are the functions that tests put in front of request codes.
type hooks struct {
	list atomic.Pointer[[]*hook] // newest first; replaced, never written to
	mu   sync.Mutex              // of whoever replaces it
}

type hook struct {
	code int32
	f    func(*Command) *Reply
}

func (h *hooks) add(code int32, f func(*Command) *Reply) (remove func()) {
	added := &hook{code: code, f: f}
	h.change(func(l []*hook) []*hook { return append([]*hook{added}, l...) })
	return func() {
		h.change(func(l []*hook) []*hook {
			return slices.DeleteFunc(slices.Clone(l), func(x *hook) bool { return x == added })
		})
	}
}

func (h *hooks) change(f func([]*hook) []*hook) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var old []*hook
	if p := h.list.Load(); p != nil {
		old = *p
	}
	list := f(old)
	h.list.Store(&list)
}

// intercept asks the hooks. It returns true when the request is not to be handled now, because a hook answered it,
// swallowed it or put it off.
func (h *hooks) intercept(s *server, r *request) bool {
	list := h.list.Load()
	if list == nil || len(*list) == 0 {
		return false
	}
	var seen *Command
	for _, x := range *list {
		if x.code != r.Code && x.code != AnyCode {
			continue
		}
		if seen == nil {
			seen = &Command{
				Code: r.Code, Broker: s.broker, Addr: s.address(), From: r.conn.from, OneWay: r.IsOneWay(),
				Remark: r.Remark, Fields: r.FieldMap(), Body: r.Body,
			}
		}
		if reply := x.f(seen); reply != nil {
			return h.apply(s, r, *reply)
		}
	}
	return false
}

func (h *hooks) apply(s *server, r *request, reply Reply) bool {
	if reply.Delay > 0 {
		s.cluster.sched.after(reply.Delay, func() {
			reply.Delay = 0
			if s.isRunning() && !h.apply(s, r, reply) {
				s.handle(r)
			}
		})
		return true
	}
	switch {
	case reply.Close:
		r.conn.close()
	case reply.Drop:
	case len(reply.Raw) > 0:
		r.conn.sendRaw(reply.Raw)
	case reply.Pass:
		return false
	default:
		fields := make(wire.Fields, 0, len(reply.Fields))
		for k, v := range reply.Fields {
			fields = append(fields, wire.Field{Key: k, Value: v})
		}
		r.answer(reply.Code, reply.Remark, fields, reply.Body)
	}
	return true
}

// counters count requests by code.
type counters struct {
	all   atomic.Int64
	small [1024]atomic.Int64
	mu    sync.Mutex
	large map[int32]int64 // POP codes, and whatever else a test sends
}

func (c *counters) add(code int32) {
	c.all.Inc()
	if code >= 0 && int(code) < len(c.small) {
		c.small[code].Inc()
		return
	}
	c.mu.Lock()
	if c.large == nil {
		c.large = map[int32]int64{}
	}
	if _, known := c.large[code]; known || len(c.large) < len(c.small) { // a hostile client must not fill the memory
		c.large[code]++
	}
	c.mu.Unlock()
}

func (c *counters) get(code int32) int {
	if code == AnyCode {
		return int(c.all.Load())
	}
	if code >= 0 && int(code) < len(c.small) {
		return int(c.small[code].Load())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return int(c.large[code])
}

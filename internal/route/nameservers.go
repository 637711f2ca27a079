package route

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// nameServers sends queries to the name server that answered last. When that one fails, or is silent for hedge, the
// next one is asked as well; the first good answer wins and its server is asked first from then on.
type nameServers struct {
	remote Invoker
	hedge  time.Duration

	mu        sync.Mutex
	list      []string
	preferred string
	aside     map[string]time.Time // until when a server that failed is asked last
}

func newNameServers(r Invoker, hedge time.Duration) *nameServers {
	return &nameServers{remote: r, hedge: hedge, aside: make(map[string]time.Time)}
}

// set replaces the list. Connections to servers that are gone from it are closed.
func (s *nameServers) set(list []string) {
	s.mu.Lock()
	var gone []string
	for _, a := range s.list {
		if !slices.Contains(list, a) {
			gone = append(gone, a)
			delete(s.aside, a)
		}
	}
	s.list = slices.Clone(list)
	if !slices.Contains(list, s.preferred) && len(list) > 0 {
		// By chance, so that the clients of a cluster spread over its name servers (Java shuffles the list).
		s.preferred = list[rand.IntN(len(list))]
	}
	s.mu.Unlock()
	for _, a := range gone {
		s.remote.CloseConn(a)
	}
}

func (s *nameServers) addrs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.list)
}

// order lists the servers as they are to be asked: the preferred one, those after it, and last those put aside.
func (s *nameServers) order(now time.Time) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := max(slices.Index(s.list, s.preferred), 0)
	out := make([]string, 0, len(s.list))
	var last []string
	for i := range s.list {
		a := s.list[(first+i)%len(s.list)]
		if now.Before(s.aside[a]) {
			last = append(last, a)
		} else {
			out = append(out, a)
		}
	}
	return append(out, last...)
}

func (s *nameServers) prefer(addr string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Contains(s.list, addr) {
		s.preferred = addr
	}
	delete(s.aside, addr)
}

func (s *nameServers) putAside(addr string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Contains(s.list, addr) {
		s.aside[addr] = time.Now().Add(asideFor)
	}
}

// answer is what one name server gave.
type answer struct {
	addr string
	cmd  *wire.Command
	err  error
}

// query asks until accept takes an answer, and returns that one. accept returns an error for an answer that no sound
// server gives; then the next server is asked. It runs on the caller's goroutine. The error is a *failures (or
// ErrNoNameserver) and matches ctx's error when ctx ended.
func (s *nameServers) query(ctx context.Context, req *remote.Request, accept func(answer) error) (answer, error) {
	if err := ctx.Err(); err != nil {
		return answer{}, err
	}
	waiting := s.order(time.Now())
	if len(waiting) == 0 {
		return answer{}, rmqerrors.ErrNoNameserver
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // the servers that lose the race are not waited for

	// Each server is asked once, and one of them perhaps once more.
	q := &race{s: s, ctx: ctx, req: req, answers: make(chan answer, len(waiting)+1), silent: make(map[string]time.Time)}
	q.ask(waiting[0])
	waiting = waiting[1:]
	again := true
	hedge := time.NewTimer(s.hedge)
	defer hedge.Stop()
	var failed failures
	for {
		var next bool
		select {
		case a := <-q.answers:
			delete(q.silent, a.addr)
			if a.err == nil {
				if a.err = accept(a); a.err == nil {
					s.prefer(a.addr)
					q.giveUpOnSilent(s.hedge)
					return a, nil
				}
			}
			if again && len(waiting) == 0 && errors.Is(a.err, remote.ErrConnectionLost) && ctx.Err() == nil {
				// The server was restarted, or its name has moved: a new connection may do. Queries change nothing,
				// so asking twice does no harm.
				again = false
				q.ask(a.addr)
				continue
			}
			if ctx.Err() == nil {
				s.putAside(a.addr)
			}
			failed = append(failed, a)
			next = true
		case <-hedge.C:
			next = true
		case <-ctx.Done():
			q.giveUpOnSilent(s.hedge)
			for addr := range q.silent {
				failed = append(failed, answer{addr: addr, err: ctx.Err()})
			}
			return answer{}, failed
		}
		if next && len(waiting) > 0 && ctx.Err() == nil {
			q.ask(waiting[0])
			waiting = waiting[1:]
			hedge.Reset(s.hedge)
		}
		if len(q.silent) == 0 && len(waiting) == 0 {
			return answer{}, failed
		}
	}
}

// others asks every server but except, at the same time, for a second opinion; accept says which answer settles the
// matter. It waits no longer than the hedge delay, and servers put aside are not asked: this must not cost time when
// a server is down.
func (s *nameServers) others(ctx context.Context, req *remote.Request, except string, accept func(answer) error) bool {
	var addrs []string
	s.mu.Lock()
	now := time.Now()
	for _, a := range s.list {
		if a != except && !now.Before(s.aside[a]) {
			addrs = append(addrs, a)
		}
	}
	s.mu.Unlock()
	if len(addrs) == 0 {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, s.hedge)
	defer cancel()
	q := &race{s: s, ctx: ctx, req: req, answers: make(chan answer, len(addrs)), silent: make(map[string]time.Time)}
	for _, a := range addrs {
		q.ask(a)
	}
	for len(q.silent) > 0 {
		select {
		case a := <-q.answers:
			delete(q.silent, a.addr)
			if a.err != nil {
				if ctx.Err() == nil {
					s.putAside(a.addr)
				}
				continue
			}
			if accept(a) == nil {
				s.prefer(a.addr)
				return true
			}
		case <-ctx.Done():
			q.giveUpOnSilent(s.hedge)
			return false
		}
	}
	return false
}

// race is one query on its way to several servers.
type race struct {
	s       *nameServers
	ctx     context.Context
	req     *remote.Request
	answers chan answer          // has room for all, so that no answer waits for a reader
	silent  map[string]time.Time // servers that have not answered yet, and when they were asked
}

func (q *race) ask(addr string) {
	q.silent[addr] = time.Now()
	q.s.remote.InvokeAsync(q.ctx, addr, q.req, func(cmd *wire.Command, err error) {
		q.answers <- answer{addr: addr, cmd: cmd, err: err}
	})
}

// giveUpOnSilent puts those aside that have been silent for at least patience. Their connections are closed as well,
// because a machine that vanished leaves one that looks alive: the next dial resolves the name again.
func (q *race) giveUpOnSilent(patience time.Duration) {
	for addr, asked := range q.silent {
		// Timers are not exact: what the hedge timer found silent must not count as quick here.
		if time.Since(asked) >= patience*9/10 {
			q.s.putAside(addr)
			q.s.remote.CloseConn(addr)
		}
	}
}

// failures is what all name servers gave when none gave a good answer.
type failures []answer

func (f failures) Error() string {
	var b strings.Builder
	b.WriteString("no name server gave an answer: ")
	for i, a := range f {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s: %v", a.addr, a.err)
	}
	return b.String()
}

func (f failures) Unwrap() []error {
	errs := make([]error, len(f))
	for i, a := range f {
		errs[i] = a.err
	}
	return errs
}

// sick reports the codes with which a server says that it cannot answer now, so that another one may.
func sick(code int32) bool {
	switch code {
	case command.SystemError, command.SystemBusy, command.ServiceNotAvailable, command.GoAway:
		return true
	}
	return false
}

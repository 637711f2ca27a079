package instance

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// grace is how long HeartbeatNow waits for the other brokers once one has accepted: a sick broker must not delay the
// start of a consumer of all the others.
const grace = 500 * time.Millisecond

// beats sends heartbeats. Each address is on its own: none waits for another, and what is slow there stays there.
type beats struct {
	run *run

	mu    sync.Mutex
	addrs map[string]*pulse
}

// pulse is what is known about the heartbeats to one address.
type pulse struct {
	flying   int       // heartbeats without an answer yet
	quiet    []func()  // to call when there is none any more
	answered time.Time // when the last answer came
	refusal  string    // the last answer if it refused, so that it is logged once
}

func newBeats(r *run) *beats { return &beats{run: r, addrs: make(map[string]*pulse)} }

// round sends the heartbeat of the interval, except where one is still on its way, and forgets brokers that are gone.
func (b *beats) round() {
	b.forget()
	body, consuming, err := b.run.client.heartbeat()
	if err != nil || body == nil {
		b.failed(err)
		return
	}
	for _, t := range b.run.targets(consuming) {
		if !b.flying(t.addr) {
			b.send(t, body, nil)
		}
	}
}

// greet sends a heartbeat over new connections: to the broker each of them is a new member. Most new connections were
// opened by a heartbeat; then it is on its way, or answered already.
func (b *beats) greet(connected map[string]time.Time) {
	if len(connected) == 0 {
		return
	}
	body, consuming, err := b.run.client.heartbeat()
	if err != nil || body == nil {
		b.failed(err)
		return
	}
	for _, t := range b.run.targets(consuming) { // name servers are none
		if since, ok := connected[t.addr]; ok && !b.flying(t.addr) && !b.answeredSince(t.addr, since) {
			b.send(t, body, nil)
		}
	}
}

// failed logs a heartbeat that could not be put together.
func (b *beats) failed(err error) {
	if err != nil {
		b.run.client.cfg.Logger.Error("heartbeat cannot be encoded", map[string]interface{}{rlog.LogKeyUnderlayError: err.Error()})
	}
}

// now sends to all and waits as HeartbeatNow says.
func (b *beats) now(ctx context.Context) error {
	body, consuming, err := b.run.client.heartbeat()
	if err != nil {
		return fmt.Errorf("client: heartbeat: %w", err)
	}
	targets := b.run.targets(consuming)
	if body == nil || len(targets) == 0 {
		return nil
	}
	answers := make(chan error, len(targets))
	for _, t := range targets {
		b.send(t, body, func(err error) { answers <- err })
	}
	var failed heartbeatErrors
	var patience <-chan time.Time
	for range targets {
		select {
		case err := <-answers:
			if err != nil {
				failed = append(failed, err)
				continue
			}
			if patience == nil {
				timer := time.NewTimer(grace)
				defer timer.Stop()
				patience = timer.C
			}
		case <-patience:
			return nil
		case <-ctx.Done():
			if patience != nil {
				return nil
			}
			return fmt.Errorf("client: heartbeat: %w", ctx.Err())
		}
	}
	if patience != nil {
		return nil
	}
	return failed
}

// send sends one heartbeat; done, if set, gets its outcome and must not block. It is the run that bounds the request,
// not whoever asked for it: he may stop waiting, the broker still has to hear of the group.
func (b *beats) send(t target, body []byte, done func(error)) {
	b.mu.Lock()
	p := b.addrs[t.addr]
	if p == nil {
		p = &pulse{}
		b.addrs[t.addr] = p
	}
	p.flying++
	b.mu.Unlock()

	req := &remote.Request{
		Code:     command.CodeHeartBeat,
		Header:   &command.HeartbeatRequest{BrokerName: t.broker},
		Body:     body,
		Deadline: time.Now().Add(b.run.client.cfg.RequestTimeout),
		NoWait:   true,
	}
	b.run.remote.InvokeAsync(b.run.group.Context(), t.addr, req, func(cmd *wire.Command, err error) {
		if err == nil {
			err = b.judge(t, cmd)
		}
		b.landed(t.addr)
		if done != nil {
			done(err)
		}
	})
}

// judge takes note of a broker's answer, and returns an error if it refused.
func (b *beats) judge(t target, cmd *wire.Command) error {
	var err error
	refusal := ""
	if cmd.Code == command.Success {
		b.run.client.setVersion(t.addr, cmd.Version)
	} else {
		e := &primitive.BrokerError{Code: cmd.Code, Remark: cmd.Remark, Addr: t.addr, Broker: t.broker}
		err, refusal = e, e.Error()
	}
	b.mu.Lock()
	p := b.addrs[t.addr]
	news := p.refusal != refusal
	p.refusal, p.answered = refusal, time.Now()
	b.mu.Unlock()
	if news && err != nil {
		b.run.client.cfg.Logger.Warning("broker refuses heartbeats: its consumers and producers are not registered there",
			map[string]interface{}{rlog.LogKeyBroker: t.broker, "addr": t.addr, rlog.LogKeyUnderlayError: refusal})
	}
	return err
}

func (b *beats) landed(addr string) {
	b.mu.Lock()
	p := b.addrs[addr]
	p.flying--
	var quiet []func()
	if p.flying == 0 {
		quiet, p.quiet = p.quiet, nil
	}
	b.mu.Unlock()
	for _, f := range quiet {
		f()
	}
}

func (b *beats) flying(addr string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.addrs[addr]
	return p != nil && p.flying > 0
}

func (b *beats) answeredSince(addr string, since time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.addrs[addr]
	return p != nil && p.answered.After(since)
}

// whenQuiet calls f when no heartbeat to addr is on its way. f must not block.
func (b *beats) whenQuiet(addr string, f func()) {
	b.mu.Lock()
	if p := b.addrs[addr]; p != nil && p.flying > 0 {
		p.quiet = append(p.quiet, f)
		b.mu.Unlock()
		return
	}
	b.mu.Unlock()
	f()
}

// forget drops what is known about addresses that no route has any more.
func (b *beats) forget() {
	known := make(map[string]struct{})
	for _, t := range b.run.targets(true) {
		known[t.addr] = struct{}{}
	}
	b.mu.Lock()
	for addr, p := range b.addrs {
		if _, ok := known[addr]; !ok && p.flying == 0 {
			delete(b.addrs, addr)
		}
	}
	b.mu.Unlock()
	b.run.client.keepVersions(known)
}

// heartbeatErrors is what HeartbeatNow returns when no broker accepted.
type heartbeatErrors []error

// Error names the refusals if there are any, else why no broker was reached.
func (e heartbeatErrors) Error() string {
	var refused, lost []string
	for _, err := range e {
		var be *primitive.BrokerError
		if errors.As(err, &be) {
			refused = append(refused, err.Error())
		} else {
			lost = append(lost, err.Error())
		}
	}
	if len(refused) > 0 {
		return "client: heartbeat refused: " + strings.Join(refused, "; ")
	}
	return "client: heartbeat: no broker answers: " + strings.Join(lost, "; ")
}

// Unwrap returns what the brokers gave, refusals first: they say what is wrong.
func (e heartbeatErrors) Unwrap() []error {
	out := make([]error, 0, len(e))
	for _, refusals := range []bool{true, false} {
		for _, err := range e {
			var be *primitive.BrokerError
			if errors.As(err, &be) == refusals {
				out = append(out, err)
			}
		}
	}
	return out
}

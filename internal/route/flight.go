package route

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.uber.org/atomic"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// flight is one query for the route of one topic, and what everybody who waits for it gets.
type flight struct {
	done     chan struct{}
	fallback int // queues of a fallback that somebody wants if the topic does not exist; guarded by Table.mu

	// Set before done is closed.
	route   *Topic
	err     error
	standIn *known // if a fallback was wanted and could be made
	baseErr error  // why it could not

	// landed is called at the end, if set. Such a flight was begun by the refresh loop and nobody may be waiting
	// for it, so its error is logged.
	landed func()
}

// wait returns the outcome, or ctx's error when that ends first.
func (f *flight) wait(ctx context.Context) error {
	select {
	case <-f.done:
		return f.err
	default:
	}
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// want is what somebody who joins a flight asks for.
type want struct {
	fresh    bool // not what is known, but a new answer
	fallback int  // with this many queues, if the topic does not exist; 0: none
}

// join returns what is known, if that will do, or else the flight for topic, which it begins if there is none.
func (t *Table) join(topic string, w want) (*known, *flight) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if k := t.snap.Load().topics[topic]; k != nil && !w.fresh && (!k.Fallback || w.fallback > 0) {
		// The flight that brought it landed between the caller's look and this one.
		k.touch()
		return k, nil
	}
	f := t.flights[topic]
	if f == nil {
		f = &flight{done: make(chan struct{})}
		t.beginLocked(topic, f)
	}
	if f.fallback == 0 {
		f.fallback = w.fallback
	}
	return nil, f
}

// beginLocked starts f on a goroutine of its own. Its life depends on no caller's context: others may join.
func (t *Table) beginLocked(topic string, f *flight) {
	t.flights[topic] = f
	if !t.group.Go("route query", func(ctx context.Context) { t.fly(ctx, topic, f) }) {
		delete(t.flights, topic)
		f.err = rmqerrors.ErrClosed
		close(f.done)
		if f.landed != nil {
			f.landed()
		}
	}
}

func (t *Table) fly(ctx context.Context, topic string, f *flight) {
	if f.landed != nil {
		defer f.landed()
	}
	route, err := t.query(ctx, topic)
	if err != nil && ctx.Err() != nil {
		err = rmqerrors.ErrClosed
	}

	t.mu.Lock()
	f.route, f.err = t.settleLocked(topic, route, err, time.Now())
	// Whoever wants a fallback may join as long as the lock is free, so the question is asked again under the lock
	// under which the flight ends.
	for absent(f.err) && topic != DefaultTopic && f.fallback > 0 && f.standIn == nil && f.baseErr == nil {
		t.mu.Unlock()
		base, err := t.Topic(ctx, DefaultTopic)
		t.mu.Lock()
		t.standInLocked(topic, f, base, err)
	}
	delete(t.flights, topic)
	background, failure := f.landed != nil, f.err
	close(f.done)
	t.mu.Unlock()

	if background && failure != nil && !absent(failure) && ctx.Err() == nil {
		t.warn.line("routes cannot be refreshed, known ones stay in use", t.fail(topic, failure))
	}
	t.changes.deliver()
}

// standInLocked makes the fallback of a topic that does not exist, and keeps it.
func (t *Table) standInLocked(topic string, f *flight, base *Topic, err error) {
	if err != nil {
		f.baseErr, f.err = err, fmt.Errorf("%w; whether it may be created by itself is not known: %w", f.err, err)
		if absent(err) {
			f.err = fmt.Errorf("%w; nor is it created by itself, because %s is not there: create it, or set autoCreateTopicEnable=true on the brokers",
				rmqerrors.ErrTopicNotExist, DefaultTopic)
		}
		return
	}
	r := standIn(base, topic, f.fallback)
	if len(r.Writable) == 0 {
		f.baseErr = fmt.Errorf("%s has no writable queue", DefaultTopic)
		return
	}
	f.standIn = &known{Topic: r, used: atomic.NewBool(true), base: base, queues: f.fallback}
	if k := t.snap.Load().topics[topic]; k != nil && !k.Fallback {
		return // a known route stays until it is certain that the topic is gone
	}
	t.snap.Store(t.snap.Load().with(f.standIn))
	t.scheduleLocked(topic, time.Now()).set(t, time.Now().Add(t.cfg.MissingInterval))
}

// query asks the name servers for the route of topic.
func (t *Table) query(ctx context.Context, topic string) (*Topic, error) {
	ctx, cancel := context.WithTimeout(ctx, t.cfg.Timeout)
	defer cancel()
	if err := t.ensureServers(ctx); err != nil {
		return nil, err
	}
	req := &remote.Request{
		Code:   command.CodeGetRouteInfoByTopic,
		Header: &command.GetRouteInfoRequest{Topic: topic, AcceptStandardJSONOnly: true},
	}
	var route *Topic
	accept := func(a answer) error {
		switch {
		case a.cmd.Code == command.TopicNotExist:
			return nil
		case a.cmd.Code != command.Success:
			return &primitive.BrokerError{Code: a.cmd.Code, Remark: a.cmd.Remark, Addr: a.addr, Topic: topic}
		}
		var data command.TopicRouteData
		err := data.Decode(a.cmd.Body)
		if err == nil {
			route, err = newTopic(topic, &data, t.cfg.MapAddr)
		}
		return err
	}
	first, err := t.servers.query(ctx, req, accept)
	if err != nil {
		return nil, t.queryFailed(err)
	}
	if route != nil {
		return route, nil
	}
	// A name server that was restarted a moment ago, or that some broker cannot reach, does not know the topic.
	t.servers.others(ctx, req, first.addr, func(a answer) error {
		if err := accept(a); err != nil || route == nil {
			return errEmptyRoute
		}
		return nil
	})
	if route != nil {
		return route, nil
	}
	remark, _, _ := strings.Cut(first.cmd.Remark, "\n") // a link to the FAQ of the server's release follows
	return nil, fmt.Errorf("%w (name server %s answered code %d: %s)", rmqerrors.ErrTopicNotExist, first.addr, first.cmd.Code, remark)
}

// queryFailed makes the error of a query that no name server answered well, and has the resolver asked again.
func (t *Table) queryFailed(err error) error {
	var f failures
	if errors.As(err, &f) {
		t.resolveAgain()
		return fmt.Errorf("%w: %w", rmqerrors.ErrRouteNotFound, err)
	}
	return err
}

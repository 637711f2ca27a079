package instance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// unregister sends UNREGISTER_CLIENT to every broker that has a connection of ours: a broker knows a member by its
// connection, to the others there is nothing to take back. It is not sent while a heartbeat that names the group is
// on its way: brokers handle both on different threads, and a heartbeat that comes second brings the member back.
func (r *run) unregister(ctx context.Context, header command.UnregisterClientRequest) error {
	var targets []target
	for _, t := range r.targets(true) {
		if r.remote.Connected(t.addr) {
			targets = append(targets, t)
		}
	}
	deadline := time.Now().Add(r.client.cfg.RequestTimeout)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	answers := make(chan error, len(targets))
	for _, t := range targets {
		h := header
		h.BrokerName = t.broker
		req := &remote.Request{Code: command.CodeUnregisterClient, Header: &h, Deadline: deadline, NoWait: true}
		r.beats.whenQuiet(t.addr, func() {
			r.remote.InvokeAsync(ctx, t.addr, req, func(cmd *wire.Command, err error) {
				if err == nil && cmd.Code != command.Success {
					err = &primitive.BrokerError{Code: cmd.Code, Remark: cmd.Remark, Addr: t.addr, Broker: t.broker, Group: group(header)}
				}
				answers <- err
			})
		})
	}
	var errs []error
	for range targets {
		select {
		case err := <-answers:
			if err != nil {
				errs = append(errs, err)
			}
		case <-ctx.Done():
			errs = append(errs, ctx.Err())
			return fmt.Errorf("client: unregister group %q: %w", group(header), errors.Join(errs...))
		}
	}
	if len(errs) > 0 {
		return fmt.Errorf("client: unregister group %q: %w", group(header), errors.Join(errs...))
	}
	return nil
}

func group(h command.UnregisterClientRequest) string {
	if h.ConsumerGroup != "" {
		return h.ConsumerGroup
	}
	return h.ProducerGroup
}

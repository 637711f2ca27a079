package remote

import (
	"context"
	"fmt"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

const goAwayCode = command.GoAway

// dispatch passes a request of the broker to its handler. It runs on the reader and does not block.
func (c *conn) dispatch(cmd *wire.Command) {
	h := (*c.client.serve.Load())[cmd.Code]
	if h == nil {
		c.answer(cmd, &Reply{
			Code: command.RequestCodeNotSupported,
			// The leading space is Java's (NettyRemotingAbstract.processRequestCommand).
			Remark: fmt.Sprintf(" request type %d not supported", cmd.Code),
		})
		return
	}
	accepted := c.client.handlers.TrySubmit(func(ctx context.Context) {
		c.answer(cmd, c.serve(ctx, h, cmd))
	})
	if !accepted {
		c.answer(cmd, &Reply{
			Code:   command.SystemBusy,
			Remark: "[OVERLOAD]system busy, start flow control for a while",
		})
	}
}

// serve runs the handler; a panic in it is an answer like any other failure.
func (c *conn) serve(ctx context.Context, h Handler, cmd *wire.Command) (reply *Reply) {
	defer func() {
		if v := recover(); v != nil {
			c.client.logPanic("request handler panicked", c.peer.addr, cmd.Code, v)
			reply = &Reply{Code: command.SystemError, Remark: fmt.Sprintf("handler of request %d panicked: %v", cmd.Code, v)}
		}
	}()
	return h(ctx, c.peer.addr, cmd)
}

// answer sends the reply to cmd, if it wants one.
func (c *conn) answer(cmd *wire.Command, reply *Reply) {
	if reply == nil || cmd.IsOneWay() {
		return
	}
	head := &wire.Head{
		Code: reply.Code, Language: c.client.cfg.Language, Version: wire.Version,
		Opaque: cmd.Opaque, Flag: wire.FlagResponse, Remark: reply.Remark,
	}
	buf, err := c.client.frame(head, reply.Header, nil, reply.Body)
	if err != nil {
		// Too large, for instance. The broker's caller learns it from a reply that always fits.
		head.Code, head.Remark = command.SystemError, err.Error()
		if buf, err = c.client.frame(head, nil, nil, nil); err != nil {
			return
		}
	}
	c.reply(buf)
}

package consumer

import (
	"errors"
	"fmt"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// remoteOffsets keeps offsets at the brokers (Java: RemoteBrokerOffsetStore). It holds none itself: the position of
// a queue lives in its process queue, so that forgetting one queue cannot touch another.
type remoteOffsets struct{ c *session }

func (s remoteOffsets) read(mq primitive.MessageQueue, done func(int64, error)) {
	req := &remote.Request{Code: command.CodeQueryConsumerOffset, Header: &command.QueryConsumerOffsetRequest{
		ConsumerGroup: s.c.group, Topic: mq.Topic, QueueID: int32(mq.QueueId), BrokerName: mq.BrokerName,
	}}
	s.c.ask(mq, anyReplica, req, func(cmd *wire.Command, err error) {
		if err != nil {
			if isCode(err, command.QueryNotFound) {
				done(noOffset, nil)
				return
			}
			done(0, err)
			return
		}
		var resp command.QueryConsumerOffsetResponse
		if err := cmd.DecodeFields(&resp); err != nil {
			done(0, fmt.Errorf("stored offset of %s: %w", mq.String(), err))
			return
		}
		done(resp.Offset, nil)
	})
}

func (s remoteOffsets) commit(mq primitive.MessageQueue, offset int64, done func(error)) {
	req := &remote.Request{Code: command.CodeUpdateConsumerOffset, Header: &command.UpdateConsumerOffsetRequest{
		ConsumerGroup: s.c.group, Topic: mq.Topic, QueueID: int32(mq.QueueId), CommitOffset: offset, BrokerName: mq.BrokerName,
	}}
	s.c.ask(mq, masterOnly, req, func(_ *wire.Command, err error) { done(err) })
}

// replicas says who may answer a question.
type replicas bool

const (
	masterOnly replicas = false
	anyReplica replicas = true // the master, or a slave when there is no master
)

// ask sends a request to the broker of mq and calls done on the loop's goroutine. An answer that is not SUCCESS is an
// error (*primitive.BrokerError).
func (c *session) ask(mq primitive.MessageQueue, who replicas, req *remote.Request, done func(*wire.Command, error)) {
	routes := c.client.Routes()
	addr, ok := routes.Master(mq.BrokerName)
	if !ok && who == anyReplica {
		addr, _, ok = routes.Replica(mq.BrokerName, 0, false)
	}
	if !ok {
		routes.RefreshSoon(mq.Topic)
		done(nil, fmt.Errorf("broker %s: %w", mq.BrokerName, rmqerrors.ErrBrokerNotFound))
		return
	}
	req.NoWait, req.VIP = true, true
	c.client.Remote().InvokeAsync(c.life.Context(), addr, req, func(cmd *wire.Command, err error) {
		if err == nil && cmd.Code != command.Success {
			err = c.refusal(cmd, addr, &mq)
		}
		c.loop.do(func() { done(cmd, err) })
	})
}

// refusal turns an answer with an error code into an error.
func (c *session) refusal(cmd *wire.Command, addr string, mq *primitive.MessageQueue) error {
	e := &primitive.BrokerError{Code: cmd.Code, Remark: cmd.Remark, Addr: addr, Group: c.group}
	if mq != nil {
		e.Broker, e.Topic, e.Queue = mq.BrokerName, mq.Topic, mq
	}
	return e
}

// isCode says whether err is an answer of a broker with that code.
func isCode(err error, code int32) bool {
	var refused *primitive.BrokerError
	return errors.As(err, &refused) && refused.Code == code
}

package consumer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

const (
	// brokerSuspend is how long a broker holds a pull that finds nothing (Java: BROKER_SUSPEND_MAX_TIME_MILLIS).
	brokerSuspend = 15 * time.Second
	// pullBytes is what one answer may hold (Java: pullBatchSizeInBytes).
	pullBytes = 256 << 10
	// flowControlPause follows FLOW_CONTROL (Java: PULL_TIME_DELAY_MILLS_WHEN_BROKER_FLOW_CONTROL).
	flowControlPause = 20 * time.Millisecond
	// pullRetryMax bounds the pause after a failed pull (Java: pullTimeDelayMillsWhenException).
	pullRetryMax = time.Second
	// masterRest is how long a master that could not be reached is left alone when a slave answers.
	masterRest = 5 * time.Second
)

// backoff returns the pause after that many failures in a row: 50 ms, doubled each time, with up to a quarter of
// jitter, so that many queues do not come back at one moment.
func backoff(fails int, most time.Duration) time.Duration {
	d := min(50*time.Millisecond<<min(max(fails-1, 0), 10), most)
	return d - rand.N(d/4+1)
}

// pull sends the next pull of q, unless something stands against it; what that is will call pull again.
func (c *session) pull(q *heldQueue) {
	if q.state != queueFetching || q.pulling || q.timer != nil || c.suspended.Load() || !c.admit(q) {
		return
	}
	sub := c.subs.Load().byTopic[q.mq.Topic]
	if sub == nil {
		return // unsubscribed in this moment; the queue is about to leave
	}
	now := time.Now()
	routes := c.client.Routes()
	replica := q.brokerID
	if replica == 0 && now.Before(q.masterDown) {
		replica = 1
	}
	addr, slave, ok := routes.Replica(q.mq.BrokerName, replica, false)
	if !ok {
		routes.RefreshSoon(q.mq.Topic)
		c.pullFailed(q, fmt.Errorf("broker %s: %w", q.mq.BrokerName, rmqerrors.ErrBrokerNotFound))
		return
	}
	h := &q.header
	h.QueueOffset = q.next
	h.MaxMsgNums = c.opts.pullBatch
	if q.single {
		h.MaxMsgNums = 1
	}
	h.SysFlag, h.CommitOffset = command.PullSuspend, 0
	if !slave && c.opts.model == Clustering {
		if h.CommitOffset = q.pq.Load().committable(); h.CommitOffset > 0 {
			h.SysFlag |= command.PullCommitOffset
		}
	}
	h.SuspendTimeoutMillis = min(brokerSuspend, c.opts.pullTimeout/2).Milliseconds()
	h.SubVersion = sub.data.SubVersion
	q.request.Deadline = now.Add(c.opts.pullTimeout)
	q.pulling, q.pulledAt, q.addr, q.toSlave = true, now, addr, slave
	q.committer = h.SysFlag&command.PullCommitOffset != 0
	// The request has a deadline of its own. It is not tied to a context that ends at the stop: a pull that carries
	// an offset must have been answered before the last offset is committed.
	c.client.Remote().InvokeAsync(context.Background(), addr, &q.request, q.answered)
}

// prepare fills in what is the same for all pulls of q.
func (c *session) prepare(q *heldQueue) {
	q.header = command.PullMessageRequest{
		ConsumerGroup: c.group, Topic: q.mq.Topic, QueueID: int32(q.mq.QueueId),
		ExpressionType: command.ExpressionTag, MaxMsgBytes: pullBytes, BrokerName: q.mq.BrokerName,
	}
	q.request = remote.Request{Code: command.CodePullMessage, Header: &q.header, NoWait: true}
	q.answered = func(cmd *wire.Command, err error) { c.loop.post(event{queue: q, cmd: cmd, err: err}) }
}

// pulled handles the answer to a pull.
func (c *session) pulled(q *heldQueue, cmd *wire.Command, err error) {
	q.pulling = false
	if q.state != queueFetching {
		c.leaveStep(q)
		return
	}
	if err != nil {
		c.pullFailed(q, err)
		return
	}
	switch cmd.Code {
	case command.Success, command.PullNotFound, command.PullRetryImmediately:
		var resp command.PullMessageResponse
		if err := cmd.DecodeFields(&resp); err != nil {
			c.pullFailed(q, fmt.Errorf("answer to pull: %w", err))
			return
		}
		c.pullWorked(q, &resp)
		if cmd.Code == command.Success {
			c.found(q, &resp, cmd.Body)
		} else {
			c.foundNothing(q, &resp)
		}
	case command.PullOffsetMoved:
		c.offsetMoved(q, cmd)
	case command.FlowControl:
		c.pullLater(q, flowControlPause)
	case command.SubscriptionNotExist, command.SubscriptionNotLatest, command.SubscriptionGroupNotExist:
		c.heartbeatSoon() // the broker has restarted, or has not seen the last heartbeat yet
		c.pullFailed(q, c.refusal(cmd, q.addr, &q.mq))
	default:
		c.pullFailed(q, c.refusal(cmd, q.addr, &q.mq))
	}
}

// pullWorked notes what every good answer says.
func (c *session) pullWorked(q *heldQueue, resp *command.PullMessageResponse) {
	if q.fails > 0 {
		q.fails = 0
		c.logs.forget("pull " + q.mq.BrokerName)
	}
	if q.committer && q.header.CommitOffset > q.confirmed {
		q.confirmed = q.header.CommitOffset
	}
	q.brokerID = resp.SuggestWhichBrokerID
	q.lastMax.Store(resp.MaxOffset)
}

// found caches the messages of an answer and pulls again.
func (c *session) found(q *heldQueue, resp *command.PullMessageResponse, body []byte) {
	sub := c.subs.Load().byTopic[q.mq.Topic]
	if sub == nil {
		return
	}
	d := c.decode(q, sub, resp, body)
	pq := q.pq.Load()
	sub.stats.pull(time.Now(), time.Since(q.pulledAt), len(d.msgs))
	added := pq.add(d.msgs, d.extra, d.next)
	for _, bad := range d.bad {
		if seq, ok := pq.reject(bad.msg); ok {
			c.giveBack(&failure{q: q, pq: pq, seq: seq, msg: bad.msg, torn: bad.torn})
		}
	}
	q.next = max(d.next, q.next)
	if added > 0 {
		c.ready.push(q)
	}
	switch {
	case d.lost != nil:
		c.unreadable(q, d, resp.NextBeginOffset)
		return
	case q.single && added > 0:
		q.single = false
	}
	q.damaged, q.moved = 0, 0
	if c.opts.pullInterval > 0 {
		c.pullLater(q, c.opts.pullInterval)
		return
	}
	c.pull(q)
}

// msgLeftOut is logged with the place of each message that nobody will deliver.
const msgLeftOut = "message left out: it cannot be read"

// damagedLimit is how often an answer that cannot be read is asked for again.
const damagedLimit = 3

// unreadable handles an answer in which, after the messages that could be read, not even the place of the next one
// could be found. It is asked for again; when that does not help, message by message, and the one that stays
// unreadable is left out.
func (c *session) unreadable(q *heldQueue, d decoded, end int64) {
	q.damaged++
	fields := map[string]any{"queue": q.mq.String(), "offset": q.next, "error": d.lost.Error()}
	switch {
	case len(d.msgs) > 0:
		q.damaged = 0
	case q.damaged > damagedLimit && !q.single:
		q.single, q.damaged = true, 0
	case q.damaged > damagedLimit && end > q.next:
		fields[rlog.LogKeyConsumerGroup] = c.group
		c.logs.logger.Error(msgLeftOut, fields)
		q.pq.Load().add(nil, "", end)
		q.next, q.damaged, q.single = end, 0, false
	default:
		c.logs.warn("damaged "+q.mq.String(), "answer to a pull cannot be read, it is asked for again", fields)
	}
	q.fails++
	c.pullLater(q, backoff(q.fails, pullRetryMax))
}

// foundNothing moves on over messages that are not for this consumer; with nothing cached that is an offset to
// commit.
func (c *session) foundNothing(q *heldQueue, resp *command.PullMessageResponse) {
	q.moved = 0
	q.next = max(q.next, resp.NextBeginOffset)
	q.pq.Load().add(nil, "", q.next)
	c.pull(q)
}

// offsetMoved handles the answer that the queue has no message at the offset. The queue stays assigned, and pulls
// from where the broker says.
func (c *session) offsetMoved(q *heldQueue, cmd *wire.Command) {
	var resp command.PullMessageResponse
	_, ok := cmd.Field("nextBeginOffset")
	if err := cmd.DecodeFields(&resp); err != nil || !ok {
		c.pullFailed(q, errors.Join(c.refusal(cmd, q.addr, &q.mq), err))
		return
	}
	if q.toSlave { // a slave may be behind; only the master knows
		q.brokerID = 0
		c.pullLater(q, flowControlPause)
		return
	}
	c.logs.warn("moved "+q.mq.String(), "no message at this offset, continuing at the broker's", map[string]any{
		"queue": q.mq.String(), "offset": q.next, "corrected": resp.NextBeginOffset, "remark": cmd.Remark,
	})
	c.pullWorked(q, &resp)
	if resp.NextBeginOffset > q.next { // what was cached stays; it is done before
		q.pq.Load().add(nil, "", resp.NextBeginOffset)
	} else { // the broker has lost messages, new ones will have the offsets of those that are cached
		q.pq.Load().drop()
		q.pq.Store(newProcessQueue(resp.NextBeginOffset))
	}
	q.next = resp.NextBeginOffset
	q.confirmed = noOffset
	c.commit(q)
	q.moved++
	if q.moved > 1 { // it happens again and again: no hot loop
		c.pullLater(q, backoff(q.moved, pullRetryMax))
		return
	}
	c.pull(q)
}

// pullLater pulls q after d.
func (c *session) pullLater(q *heldQueue, d time.Duration) {
	q.timer = c.loop.after(d, func() {
		q.timer = nil
		c.pull(q)
	})
}

// pullFailed tries again after a growing pause, at a slave if the master cannot be reached.
func (c *session) pullFailed(q *heldQueue, err error) {
	q.fails++
	c.logs.warn("pull "+q.mq.BrokerName, "pull failed, will be tried again", map[string]any{
		"queue": q.mq.String(), "offset": q.next, "error": err.Error(),
	})
	var refused *primitive.BrokerError
	if !errors.As(err, &refused) { // not an answer: the broker could not be reached
		if q.toSlave {
			q.brokerID, q.masterDown = 0, time.Time{}
		} else {
			q.masterDown = time.Now().Add(masterRest)
		}
		c.client.Routes().RefreshSoon(q.mq.Topic)
	}
	c.pullLater(q, backoff(q.fails, pullRetryMax))
}

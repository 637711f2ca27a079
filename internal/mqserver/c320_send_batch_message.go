package mqserver

import (
	"fmt"
	"strings"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
)

// 320 SEND_BATCH_MESSAGE (SendMessageProcessor.sendBatchMessage): stores several messages of one queue side by side
// and answers with their ids, joined by commas. As in 5.x brokers the stored messages have the properties that the
// client gave each of them, and none of the broker's.
//
// Left out: inner-batch topics (queue.type=BatchCQ).
func (b *broker) c320SendBatchMessage(r *request) {
	var h command.SendMessageV2Request
	if r.decode(&h) {
		b.send(r, &h, "g")
	}
}

// sendBatch is the part of send that is for batches, after the common checks.
func (b *broker) sendBatch(r *request, h *command.SendMessageV2Request, topic topicConfig, queue int32) {
	switch {
	case len(h.Topic) > topicMax:
		r.answer(codeMessageIllegal, fmt.Sprintf("message topic length too long %d", len(h.Topic)), sendRefusal)
		return
	case isRetryTopic(h.Topic):
		r.answer(codeMessageIllegal, "batch request does not support retry group "+h.Topic, sendRefusal)
		return
	case h.SysFlag&record.FlagTransactionMask != 0, delayLevel(string(h.Properties)) > 0:
		r.answer(codeMessageIllegal, b.illegalRemark(), sendRefusal)
		return
	case len(r.Body) > b.store.maxBody:
		r.fail(codeSystemError, "java.lang.RuntimeException: message body size exceeded, org.apache.rocketmq.store.MessageExtEncoder.encode(MessageExtEncoder.java:290)")
		return
	}
	batch, err := b.splitBatch(r, h, topic, queue)
	if err != nil {
		r.fail(codeSystemError, "java.nio.BufferUnderflowException, java.base/java.nio.Buffer.nextGetIndex(Buffer.java:707)")
		return
	}
	out, code := b.store.putBatch(batch)
	if code != codeSuccess {
		r.answer(code, b.illegalRemark(), sendRefusal)
		return
	}
	ids := make([]string, len(out))
	for i := range out {
		ids[i] = out[i].id
	}
	r.answer(codeSuccess, "", &command.SendMessageResponse{
		MsgID: strings.Join(ids, ","), QueueID: queue, QueueOffset: out[0].queue,
		TransactionID: property(string(h.Properties), record.PropUniqKey), RegionID: region, TraceOn: traceOn,
	})
	for i := range out {
		wakeAll(out[i].woken)
	}
}

func (b *broker) splitBatch(r *request, h *command.SendMessageV2Request, topic topicConfig, queue int32) ([]*message, error) {
	var batch []*message
	for rest := r.Body; len(rest) > 0; {
		var one record.BatchMessage
		n, err := one.Decode(rest)
		if err != nil {
			return nil, err
		}
		rest = rest[n:]
		m := &message{topic: h.Topic, properties: string(one.Properties)}
		m.QueueID, m.Flag, m.SysFlag, m.Body = queue, one.Flag, topic.flags(h.SysFlag), one.Body
		m.BornTimestamp, m.BornHost, m.ReconsumeTimes = h.BornTimestamp, r.conn.remote, h.ReconsumeTimes
		batch = append(batch, m)
	}
	return batch, nil
}

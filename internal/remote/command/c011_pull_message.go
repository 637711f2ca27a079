package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// PullMessageRequest is the header of PULL_MESSAGE and LITE_PULL_MESSAGE (Java: PullMessageRequestHeader).
type PullMessageRequest struct {
	ConsumerGroup        string
	Topic                string
	QueueID              int32
	QueueOffset          int64 // first offset wanted
	MaxMsgNums           int32
	SysFlag              int32  // bits PullCommitOffset…
	CommitOffset         int64  // stored for the group when SysFlag has PullCommitOffset
	SuspendTimeoutMillis int64  // long poll, when SysFlag has PullSuspend
	Subscription         string // expression, when SysFlag has PullSubscription
	SubVersion           int64
	ExpressionType       string // TAG or SQL92
	MaxMsgBytes          int32  // 0: the broker's own limit
	BrokerName           string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *PullMessageRequest) AppendFields(w *wire.FieldWriter) {
	w.String("consumerGroup", r.ConsumerGroup)
	w.String("topic", r.Topic)
	w.Int32("queueId", r.QueueID)
	w.Int64("queueOffset", r.QueueOffset)
	w.Int32("maxMsgNums", r.MaxMsgNums)
	w.Int32("sysFlag", r.SysFlag)
	w.Int64("commitOffset", r.CommitOffset)
	w.Int64("suspendTimeoutMillis", r.SuspendTimeoutMillis)
	if r.Subscription != "" {
		w.String("subscription", r.Subscription)
	}
	w.Int64("subVersion", r.SubVersion)
	if r.ExpressionType != "" {
		w.String("expressionType", r.ExpressionType)
	}
	if r.MaxMsgBytes != 0 {
		w.Int32("maxMsgBytes", r.MaxMsgBytes)
	}
	if r.BrokerName != "" {
		w.String("bname", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *PullMessageRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "consumerGroup":
		return setString(&r.ConsumerGroup, value)
	case "topic":
		return setString(&r.Topic, value)
	case "queueId":
		return setInt32(&r.QueueID, value)
	case "queueOffset":
		return setInt64(&r.QueueOffset, value)
	case "maxMsgNums":
		return setInt32(&r.MaxMsgNums, value)
	case "sysFlag":
		return setInt32(&r.SysFlag, value)
	case "commitOffset":
		return setInt64(&r.CommitOffset, value)
	case "suspendTimeoutMillis":
		return setInt64(&r.SuspendTimeoutMillis, value)
	case "subscription":
		return setString(&r.Subscription, value)
	case "subVersion":
		return setInt64(&r.SubVersion, value)
	case "expressionType":
		return setString(&r.ExpressionType, value)
	case "maxMsgBytes":
		return setInt32(&r.MaxMsgBytes, value)
	case "bname":
		return setString(&r.BrokerName, value)
	}
	return nil
}

// PullMessageResponse answers PULL_MESSAGE; the body is stored messages, one after the other. Answers with an error
// code have none of the fields (Java: PullMessageResponseHeader).
type PullMessageResponse struct {
	SuggestWhichBrokerID int64 // replica to pull from next, 0 is the master
	NextBeginOffset      int64
	MinOffset            int64
	MaxOffset            int64
	OffsetDelta          int64 // static topics: added to every message's queue offset
	TopicSysFlag         int32
	GroupSysFlag         int32
	ForbiddenType        int32 // reason of NoPermission
}

// AppendFields implements wire.FieldAppender.
func (r *PullMessageResponse) AppendFields(w *wire.FieldWriter) {
	w.Int64("suggestWhichBrokerId", r.SuggestWhichBrokerID)
	w.Int64("nextBeginOffset", r.NextBeginOffset)
	w.Int64("minOffset", r.MinOffset)
	w.Int64("maxOffset", r.MaxOffset)
	if r.OffsetDelta != 0 {
		w.Int64("offsetDelta", r.OffsetDelta)
	}
	if r.TopicSysFlag != 0 {
		w.Int32("topicSysFlag", r.TopicSysFlag)
	}
	if r.GroupSysFlag != 0 {
		w.Int32("groupSysFlag", r.GroupSysFlag)
	}
	if r.ForbiddenType != 0 {
		w.Int32("forbiddenType", r.ForbiddenType)
	}
}

// SetField implements wire.FieldSetter.
func (r *PullMessageResponse) SetField(key, value []byte) error {
	switch string(key) {
	case "suggestWhichBrokerId":
		return setInt64(&r.SuggestWhichBrokerID, value)
	case "nextBeginOffset":
		return setInt64(&r.NextBeginOffset, value)
	case "minOffset":
		return setInt64(&r.MinOffset, value)
	case "maxOffset":
		return setInt64(&r.MaxOffset, value)
	case "offsetDelta":
		return setInt64(&r.OffsetDelta, value)
	case "topicSysFlag":
		return setInt32(&r.TopicSysFlag, value)
	case "groupSysFlag":
		return setInt32(&r.GroupSysFlag, value)
	case "forbiddenType":
		return setInt32(&r.ForbiddenType, value)
	}
	return nil
}

// Bits of PullMessageRequest.SysFlag (Java: PullSysFlag).
const (
	PullCommitOffset int32 = 1 // store CommitOffset; never to a replica
	PullSuspend      int32 = 2 // wait for messages
	PullSubscription int32 = 4 // Subscription is attached
	PullClassFilter  int32 = 8
	PullLite         int32 = 16 // with code LITE_PULL_MESSAGE
)

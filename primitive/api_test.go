package primitive_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/primitive"
)

// The names of rocketmq-client-go's package primitive, with their types: this file compiles as long as programs that
// use them do.
var (
	_ func(...primitive.Interceptor) primitive.Interceptor                         = primitive.ChainInterceptors
	_ func() string                                                                = primitive.CreateUniqID
	_ func([]byte) []*primitive.MessageExt                                         = primitive.DecodeMessage
	_ func(context.Context) (*primitive.ConsumeConcurrentlyContext, bool)          = primitive.GetConcurrentlyCtx
	_ func(context.Context) (*primitive.ConsumeMessageContext, bool)               = primitive.GetConsumerCtx
	_ func(context.Context) primitive.CommunicationMode                            = primitive.GetMethod
	_ func(context.Context) (*primitive.ConsumeOrderlyContext, bool)               = primitive.GetOrderlyCtx
	_ func(context.Context) (*primitive.ProducerCtx, bool)                         = primitive.GetProducerCtx
	_ func(error) bool                                                             = primitive.IsRemotingErr
	_ func() *primitive.ConsumeConcurrentlyContext                                 = primitive.NewConsumeConcurrentlyContext
	_ func() *primitive.ConsumeOrderlyContext                                      = primitive.NewConsumeOrderlyContext
	_ func() *primitive.EnvResolver                                                = primitive.NewEnvResolver
	_ func(string, ...string) *primitive.HttpResolver                              = primitive.NewHttpResolver
	_ func(string, []byte) *primitive.Message                                      = primitive.NewMessage
	_ func(...string) (primitive.NamesrvAddr, error)                               = primitive.NewNamesrvAddr
	_ func() *primitive.SendResult                                                 = primitive.NewSendResult
	_ func([]byte) (*primitive.MessageID, error)                                   = primitive.UnmarshalMsgID
	_ func(context.Context, *primitive.ConsumeConcurrentlyContext) context.Context = primitive.WithConcurrentlyCtx
	_ func(context.Context, *primitive.ConsumeMessageContext) context.Context      = primitive.WithConsumerCtx
	_ func(context.Context, primitive.CommunicationMode) context.Context           = primitive.WithMethod
	_ func(context.Context, *primitive.ConsumeOrderlyContext) context.Context      = primitive.WithOrderlyCtx
	_ func(context.Context, *primitive.ProducerCtx) context.Context                = primitive.WithProducerCtx
	_ func(primitive.NamesrvAddr) error                                            = primitive.NamesrvAddr.Check
	_ func(primitive.Credentials) bool                                             = primitive.Credentials.IsEmpty
	_ func(primitive.MQBrokerErr) string                                           = primitive.MQBrokerErr.Error
	_ func(*primitive.HttpResolver, string)                                        = (*primitive.HttpResolver).DomainWithUnit
	_ func(*primitive.Message) string                                              = (*primitive.Message).GetKeys
	_ func(*primitive.Message) map[string]string                                   = (*primitive.Message).GetProperties
	_ func(*primitive.Message, string) string                                      = (*primitive.Message).GetProperty
	_ func(*primitive.Message) string                                              = (*primitive.Message).GetShardingKey
	_ func(*primitive.Message) string                                              = (*primitive.Message).GetTags
	_ func(*primitive.Message, string) string                                      = (*primitive.Message).RemoveProperty
	_ func(*primitive.Message, int) *primitive.Message                             = (*primitive.Message).WithDelayTimeLevel
	_ func(*primitive.Message, time.Time) *primitive.Message                       = (*primitive.Message).WithDelayTimestamp
	_ func(*primitive.Message, []string) *primitive.Message                        = (*primitive.Message).WithKeys
	_ func(*primitive.Message, map[string]string)                                  = (*primitive.Message).WithProperties
	_ func(*primitive.Message, string, string)                                     = (*primitive.Message).WithProperty
	_ func(*primitive.Message, string) *primitive.Message                          = (*primitive.Message).WithShardingKey
	_ func(*primitive.Message, string) *primitive.Message                          = (*primitive.Message).WithTag
	_ func(*primitive.MessageQueue) int                                            = (*primitive.MessageQueue).HashCode
	_ func(*primitive.MessageExt) string                                           = (*primitive.MessageExt).GetRegionID
	_ func(*primitive.MessageExt) string                                           = (*primitive.MessageExt).GetTags
	_ func(*primitive.MessageExt) string                                           = (*primitive.MessageExt).IsTraceOn
	_ func(*primitive.PullResult) []*primitive.MessageExt                          = (*primitive.PullResult).GetMessageExts
	_ func(*primitive.PullResult) []*primitive.Message                             = (*primitive.PullResult).GetMessages
	_ primitive.NsResolver                                                         = primitive.NewPassthroughResolver(nil)
	_ primitive.NsResolver                                                         = (*primitive.EnvResolver)(nil)
	_ primitive.NsResolver                                                         = (*primitive.HttpResolver)(nil)
	_ primitive.Invoker                                                            = func(context.Context, interface{}, interface{}) error { return nil }
	_ primitive.Interceptor                                                        = func(context.Context, interface{}, interface{}, primitive.Invoker) error { return nil }
	_ error                                                                        = primitive.MQBrokerErr{ResponseCode: int16(1), ErrorMessage: ""}
	_                                                                              = primitive.Message{Topic: "", Body: nil, Flag: int32(0), TransactionId: "", Batch: false, Queue: &primitive.MessageQueue{}}
	_                                                                              = primitive.MessageExt{Message: primitive.Message{}, MsgId: "", OffsetMsgId: "", StoreSize: int32(0), QueueOffset: int64(0), SysFlag: int32(0), BornTimestamp: int64(0), BornHost: "", StoreTimestamp: int64(0), StoreHost: "", CommitLogOffset: int64(0), BodyCRC: int32(0), ReconsumeTimes: int32(0), PreparedTransactionOffset: int64(0)}
	_                                                                              = primitive.MessageID{Addr: "", Port: 0, Offset: int64(0)}
	_                                                                              = primitive.ConsumeConcurrentlyContext{MQ: primitive.MessageQueue{}, DelayLevelWhenNextConsume: 0, AckIndex: int32(0)}
	_                                                                              = primitive.ConsumeMessageContext{ConsumerGroup: "", Msgs: []*primitive.MessageExt{}, MQ: nil, Success: false, Status: "", Properties: map[string]string{}}
	_                                                                              = primitive.ConsumeOrderlyContext{MQ: primitive.MessageQueue{}, AutoCommit: true, SuspendCurrentQueueTimeMillis: 0}
	_                                                                              = primitive.Credentials{AccessKey: "", SecretKey: "", SecurityToken: ""}
	_                                                                              = primitive.ProducerCtx{ProducerGroup: "", Message: primitive.Message{}, MQ: primitive.MessageQueue{}, BrokerAddr: "", BornHost: "", CommunicationMode: primitive.SendSync, SendResult: nil, Props: map[string]string{}, MsgType: primitive.NormalMsg, Namespace: ""}
	_                                                                              = primitive.PullResult{NextBeginOffset: int64(0), MinOffset: int64(0), MaxOffset: int64(0), Status: primitive.PullFound, SuggestWhichBrokerId: int64(0)}
	_                                                                              = primitive.SendResult{Status: primitive.SendOK, MsgID: "", MessageQueue: nil, QueueOffset: int64(0), TransactionID: "", OffsetMsgID: "", RegionID: "", TraceOn: false}
	_                                                                              = primitive.TraceConfig{TraceTopic: "", GroupName: "", Access: primitive.Local, NamesrvAddrs: []string{}, Resolver: nil, Credentials: primitive.Credentials{}}
	_                                                                              = primitive.TransactionSendResult{SendResult: nil, State: primitive.CommitMessageState}
	_ interface {
		ExecuteLocalTransaction(*primitive.Message) primitive.LocalTransactionState
		CheckLocalTransaction(*primitive.MessageExt) primitive.LocalTransactionState
	} = primitive.TransactionListener(nil)
)

// Constants have the values of rocketmq-client-go; property names are those of Java's MessageConst.
func TestV2Constants(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		" ": primitive.PropertyKeySeparator, "KEYS": primitive.PropertyKeys, "TAGS": primitive.PropertyTags,
		"WAIT": primitive.PropertyWaitStoreMsgOk, "DELAY": primitive.PropertyDelayTimeLevel, "RETRY_TOPIC": primitive.PropertyRetryTopic,
		"TIMER_DELIVER_MS": primitive.PropertyTimerDeliverMS, "REAL_TOPIC": primitive.PropertyRealTopic, "REAL_QID": primitive.PropertyRealQueueId,
		"TRAN_MSG": primitive.PropertyTransactionPrepared, "PGROUP": primitive.PropertyProducerGroup, "MIN_OFFSET": primitive.PropertyMinOffset,
		"MAX_OFFSET": primitive.PropertyMaxOffset, "BUYER_ID": primitive.PropertyBuyerId, "ORIGIN_MESSAGE_ID": primitive.PropertyOriginMessageId,
		"TRANSFER_FLAG": primitive.PropertyTransferFlag, "CORRECTION_FLAG": primitive.PropertyCorrectionFlag, "MQ2_FLAG": primitive.PropertyMQ2Flag,
		"RECONSUME_TIME": primitive.PropertyReconsumeTime, "MSG_REGION": primitive.PropertyMsgRegion, "TRACE_ON": primitive.PropertyTraceSwitch,
		"UNIQ_KEY": primitive.PropertyUniqueClientMessageIdKeyIndex, "MAX_RECONSUME_TIMES": primitive.PropertyMaxReconsumeTimes,
		"CONSUME_START_TIME": primitive.PropertyConsumeStartTime, "TRAN_PREPARED_QUEUE_OFFSET": primitive.PropertyTranscationPreparedQueueOffset,
		"TRANSACTION_CHECK_TIMES": primitive.PropertyTranscationCheckTimes, "CHECK_IMMUNITY_TIME_IN_SECONDS": primitive.PropertyCheckImmunityTimeInSeconds,
		"SHARDING_KEY": primitive.PropertyShardingKey, "__SHARDINGKEY": primitive.PropertyJavaShardingKey, "__transactionId__": primitive.PropertyTransactionID,
		"CORRELATION_ID": primitive.PropertyCorrelationID, "REPLY_TO_CLIENT": primitive.PropertyMessageReplyToClient, "TTL": primitive.PropertyMessageTTL,
		"ARRIVE_TIME": primitive.PropertyReplyMessageArriveTime, "MSG_TYPE": primitive.PropertyMsgType, "CLUSTER": primitive.PropertyCluster,
		"ConsumerPush": primitive.ConsumerPush, "ConsumerPull": primitive.ConsumerPull,
		"SendSync": string(primitive.SendSync), "SendAsync": string(primitive.SendAsync), "SendOneway": string(primitive.SendOneway),
		"SUCCESS": string(primitive.SuccessReturn), "TIMEOUT": string(primitive.TimeoutReturn), "EXCEPTION": string(primitive.ExceptionReturn),
		"RETURNNULL": string(primitive.NullReturn), "FAILED": string(primitive.FailedReturn),
	} {
		require.Equal(t, want, got)
	}
	require.Equal(t, []int{0, 1}, []int{int(primitive.Local), int(primitive.Cloud)})
	require.Equal(t, []int{1, 2, 3, 3},
		[]int{int(primitive.CommitMessageState), int(primitive.RollbackMessageState), int(primitive.UnknownState), int(primitive.UnkonwnState)})
	require.Equal(t, []int{0, 1, 2, 3}, []int{int(primitive.NormalMsg), int(primitive.TransMsgHalf), int(primitive.TransMsgCommit), int(primitive.DelayMsg)})
	require.Equal(t, []int{0, 1, 2, 3, 4}, []int{int(primitive.PullFound), int(primitive.PullNoNewMsg), int(primitive.PullNoMsgMatched),
		int(primitive.PullOffsetIllegal), int(primitive.PullBrokerTimeout)})
	require.Equal(t, []int{0, 1, 2, 3, 4}, []int{int(primitive.SendOK), int(primitive.SendFlushDiskTimeout), int(primitive.SendFlushSlaveTimeout),
		int(primitive.SendSlaveNotAvailable), int(primitive.SendUnknownError)})
}

// Zero values and nil pointers of all types can be printed; so can unknown numbers.
func TestZeroValuesHaveStrings(t *testing.T) {
	t.Parallel()
	for _, v := range []fmt.Stringer{
		&primitive.Message{}, (*primitive.Message)(nil), &primitive.MessageExt{}, (*primitive.MessageExt)(nil),
		&primitive.MessageQueue{}, (*primitive.MessageQueue)(nil), &primitive.MessageID{}, (*primitive.MessageID)(nil),
		&primitive.SendResult{}, (*primitive.SendResult)(nil), &primitive.TransactionSendResult{}, (*primitive.TransactionSendResult)(nil),
		&primitive.PullResult{}, (*primitive.PullResult)(nil), &primitive.ProducerCtx{}, (*primitive.ProducerCtx)(nil),
		&primitive.ConsumeMessageContext{}, (*primitive.ConsumeMessageContext)(nil),
		&primitive.ConsumeConcurrentlyContext{}, (*primitive.ConsumeConcurrentlyContext)(nil),
		&primitive.ConsumeOrderlyContext{}, (*primitive.ConsumeOrderlyContext)(nil),
		primitive.Credentials{}, primitive.TraceConfig{}, primitive.NamesrvAddr(nil), primitive.StaticResolver{}, primitive.EnvResolver{},
		&primitive.HttpResolver{}, (*primitive.HttpResolver)(nil), &primitive.PassthroughResolver{}, (*primitive.PassthroughResolver)(nil),
		primitive.SendStatus(0), primitive.SendStatus(99), primitive.PullStatus(0), primitive.PullStatus(-1), primitive.Outcome(0), primitive.Outcome(9),
		primitive.LocalTransactionState(0), primitive.MessageType(0), primitive.MessageType(9), primitive.AccessChannel(0), primitive.AccessChannel(9),
		primitive.Serialization(0), primitive.Serialization(9),
	} {
		var s string
		require.NotPanics(t, func() { s = v.String() }, "%T", v)
		if _, list := v.(primitive.NamesrvAddr); !list {
			require.NotEmpty(t, s, "%T", v)
		}
	}
	for _, err := range []error{&primitive.BrokerError{}, &primitive.SendError{}, primitive.MQBrokerErr{}, &primitive.DecodeError{Err: context.Canceled}} {
		require.NotPanics(t, func() { _ = err.Error() }, "%T", err)
	}
	require.Equal(t, 0, (*primitive.MessageQueue)(nil).HashCode())
	require.True(t, reflect.TypeFor[primitive.MessageQueue]().Comparable(), "queues are keys of maps")
}

func TestStringsOfNumbers(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]fmt.Stringer{
		"SEND_OK": primitive.SendOK, "FLUSH_DISK_TIMEOUT": primitive.SendFlushDiskTimeout, "FLUSH_SLAVE_TIMEOUT": primitive.SendFlushSlaveTimeout,
		"SLAVE_NOT_AVAILABLE": primitive.SendSlaveNotAvailable, "UNKNOWN_ERROR": primitive.SendUnknownError, "SendStatus(7)": primitive.SendStatus(7),
		"FOUND": primitive.PullFound, "NO_NEW_MSG": primitive.PullNoNewMsg, "NO_MATCHED_MSG": primitive.PullNoMsgMatched,
		"OFFSET_ILLEGAL": primitive.PullOffsetIllegal, "BROKER_TIMEOUT": primitive.PullBrokerTimeout, "PullStatus(7)": primitive.PullStatus(7),
		"COMMIT_MESSAGE": primitive.CommitMessageState, "ROLLBACK_MESSAGE": primitive.RollbackMessageState, "UNKNOWN": primitive.UnknownState,
		"LocalTransactionState(0)": primitive.LocalTransactionState(0),
		"Normal_Msg":               primitive.NormalMsg, "Trans_Msg_Half": primitive.TransMsgHalf, "Trans_msg_Commit": primitive.TransMsgCommit,
		"Delay_Msg": primitive.DelayMsg, "MessageType(9)": primitive.MessageType(9),
		"LOCAL": primitive.Local, "CLOUD": primitive.Cloud, "AccessChannel(2)": primitive.AccessChannel(2),
		"JSON": primitive.SerializationJSON, "ROCKETMQ": primitive.SerializationRocketMQ, "Serialization(2)": primitive.Serialization(2),
		"unknown": primitive.OutcomeUnknown, "not sent": primitive.OutcomeNotSent, "rejected": primitive.OutcomeRejected,
		"stored": primitive.OutcomeStored, "Outcome(4)": primitive.Outcome(4),
	} {
		require.Equal(t, want, got.String())
	}
}

func TestResultsPrint(t *testing.T) {
	t.Parallel()
	mq := &primitive.MessageQueue{Topic: "T", BrokerName: "b", QueueId: 3}
	result := &primitive.SendResult{MsgID: "id", OffsetMsgID: "off", QueueOffset: 7, MessageQueue: mq}
	require.Equal(t, "SendResult [sendStatus=SEND_OK, msgIds=id, offsetMsgId=off, queueOffset=7, "+
		"messageQueue=MessageQueue [topic=T, brokerName=b, queueId=3]]", result.String())
	require.Equal(t, primitive.SendUnknownError, primitive.NewSendResult().Status)
	require.Contains(t, (&primitive.TransactionSendResult{SendResult: result, State: primitive.RollbackMessageState}).String(), "ROLLBACK_MESSAGE")
	pull := &primitive.PullResult{Status: primitive.PullFound, NextBeginOffset: 1, MinOffset: 2, MaxOffset: 3}
	pull.SetMessageExts([]*primitive.MessageExt{{Message: *primitive.NewMessage("T", []byte("b"))}})
	require.Equal(t, "PullResult [pullStatus=FOUND, nextBeginOffset=1, minOffset=2, maxOffset=3, msgFoundList=1]", pull.String())
	require.Same(t, &pull.GetMessageExts()[0].Message, pull.GetMessages()[0])
	require.Empty(t, (&primitive.PullResult{}).GetMessages())
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	c := primitive.Credentials{AccessKey: "ak", SecretKey: "hush", SecurityToken: "token-hush"}
	config := primitive.TraceConfig{TraceTopic: "trace", NamesrvAddrs: []string{"a:1"}, Credentials: c}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		require.NotContains(t, fmt.Sprintf(format, c), "hush", format)
		require.NotContains(t, fmt.Sprintf(format, config), "hush", format)
		require.NotContains(t, fmt.Sprintf(format, &config), "hush", format)
	}
	require.Contains(t, c.String(), "accessKey=ak, secretKey=***")
	require.Contains(t, config.String(), "traceTopic=trace")
	require.False(t, c.IsEmpty())
	require.True(t, primitive.Credentials{AccessKey: "ak"}.IsEmpty())
	require.True(t, primitive.Credentials{SecretKey: "sk"}.IsEmpty())
}

package primitive

import "github.com/rocketmq-go/rocketmq/internal/remote/record"

// Property names with a meaning of their own. Those not marked as the user's are written by clients and brokers.
const (
	// PropertyKeySeparator stands between the keys in PropertyKeys.
	PropertyKeySeparator = record.KeySeparator
	// PropertyKeys are the user's index keys, see Message.WithKeys.
	PropertyKeys = record.PropKeys
	// PropertyTags is the user's tag, see Message.WithTag.
	PropertyTags = record.PropTags
	// PropertyWaitStoreMsgOk is "false" when the broker shall answer before the message is stored. The user's.
	PropertyWaitStoreMsgOk = record.PropWaitStoreMsgOK
	// PropertyDelayTimeLevel is the delay level, see Message.WithDelayTimeLevel.
	PropertyDelayTimeLevel = record.PropDelayTimeLevel
	// PropertyRetryTopic is the topic a message that is delivered again was sent to.
	PropertyRetryTopic = record.PropRetryTopic
	// PropertyTimerDeliverMS is the delivery time, see Message.WithDelayTimestamp.
	PropertyTimerDeliverMS = record.PropTimerDeliverMS
	// PropertyTimerDelaySec delays by seconds. The user's.
	PropertyTimerDelaySec = record.PropTimerDelaySec
	// PropertyTimerDelayMS delays by milliseconds. The user's.
	PropertyTimerDelayMS = record.PropTimerDelayMS
	// PropertyRealTopic is the topic of a delayed or transactional message.
	PropertyRealTopic = record.PropRealTopic
	// PropertyRealQueueId is the queue of a delayed or transactional message.
	PropertyRealQueueId = record.PropRealQueueID
	// PropertyTransactionPrepared is "true" on messages of transactions.
	PropertyTransactionPrepared = record.PropTransactionPrepared
	// PropertyProducerGroup is the group that answers transaction checks.
	PropertyProducerGroup = record.PropProducerGroup
	// PropertyMinOffset is the queue's smallest offset when the message was pulled.
	PropertyMinOffset = record.PropMinOffset
	// PropertyMaxOffset is the queue's largest offset when the message was pulled.
	PropertyMaxOffset = record.PropMaxOffset
	// PropertyBuyerId is a legacy name.
	PropertyBuyerId = record.PropBuyerID
	// PropertyOriginMessageId is the offset id of the first copy of a message that is delivered again.
	PropertyOriginMessageId = record.PropOriginMessageID
	// PropertyTransferFlag is a legacy name.
	PropertyTransferFlag = record.PropTransferFlag
	// PropertyCorrectionFlag is a legacy name.
	PropertyCorrectionFlag = record.PropCorrectionFlag
	// PropertyMQ2Flag is a legacy name.
	PropertyMQ2Flag = record.PropMQ2Flag
	// PropertyReconsumeTime counts the deliveries of a message that a client sends to a retry topic.
	PropertyReconsumeTime = record.PropReconsumeTime
	// PropertyMsgRegion is the broker's region.
	PropertyMsgRegion = record.PropMsgRegion
	// PropertyTraceSwitch is "false" when the message shall not be traced.
	PropertyTraceSwitch = record.PropTraceOn
	// PropertyUniqueClientMessageIdKeyIndex is the id that the producer gave the message, see CreateUniqID.
	PropertyUniqueClientMessageIdKeyIndex = record.PropUniqKey
	// PropertyMaxReconsumeTimes bounds the deliveries of a message that a client sends to a retry topic.
	PropertyMaxReconsumeTimes = record.PropMaxReconsumeTimes
	// PropertyConsumeStartTime is when the handler got the message, in milliseconds since 1970.
	PropertyConsumeStartTime = record.PropConsumeStartTime
	// PropertyTransactionPreparedQueueOffset belongs to the broker.
	PropertyTransactionPreparedQueueOffset = record.PropTransactionPreparedQueueOffset
	// PropertyTransactionCheckTimes counts the checks of a transaction.
	PropertyTransactionCheckTimes = record.PropTransactionCheckTimes
	// PropertyCheckImmunityTimeInSeconds delays the first check of a transaction. The user's.
	PropertyCheckImmunityTimeInSeconds = record.PropCheckImmunityTimeInSeconds
	// PropertyShardingKey is the order key of rocketmq-client-go, see Message.WithShardingKey.
	PropertyShardingKey = "SHARDING_KEY"
	// PropertyJavaShardingKey is the order key of the Java client, see Message.WithShardingKey.
	PropertyJavaShardingKey = record.PropShardingKey
	// PropertyTransactionID is the id of the transaction.
	PropertyTransactionID = record.PropTransactionID
	// PropertyCorrelationID ties a reply to its request.
	PropertyCorrelationID = record.PropCorrelationID
	// PropertyMessageReplyToClient is the id of the client that waits for a reply.
	PropertyMessageReplyToClient = record.PropReplyToClient
	// PropertyMessageTTL is how long a requester waits, in milliseconds.
	PropertyMessageTTL = record.PropMessageTTL
	// PropertyReplyMessageArriveTime is when a reply arrived, in milliseconds since 1970.
	PropertyReplyMessageArriveTime = record.PropArriveTime
	// PropertyMsgType is "reply" on replies.
	PropertyMsgType = record.PropMsgType
	// PropertyCluster is the cluster that stored the message.
	PropertyCluster = record.PropCluster
	// PropertyInstanceID is the namespace of the sender.
	PropertyInstanceID = record.PropInstanceID
)

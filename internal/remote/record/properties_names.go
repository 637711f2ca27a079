package record

// Property names with a meaning in the protocol (Java: MessageConst).
const (
	// PropKeys holds the index keys, separated by one space.
	PropKeys = "KEYS"
	// PropTags holds the tag.
	PropTags = "TAGS"
	// PropWaitStoreMsgOK says "true" or "false": whether the broker waits until the message is stored.
	PropWaitStoreMsgOK = "WAIT"
	// PropDelayTimeLevel is the delay level, from 1.
	PropDelayTimeLevel = "DELAY"
	// PropTimerDelaySec delays by seconds.
	PropTimerDelaySec = "TIMER_DELAY_SEC"
	// PropTimerDelayMS delays by milliseconds.
	PropTimerDelayMS = "TIMER_DELAY_MS"
	// PropTimerDeliverMS is the delivery time in milliseconds since 1970.
	PropTimerDeliverMS = "TIMER_DELIVER_MS"
	// PropTimerOutMS is the delivery time the broker's timer wheel works with.
	PropTimerOutMS = "TIMER_OUT_MS"
	// PropTimerEnqueueMS is set by the broker's timer wheel.
	PropTimerEnqueueMS = "TIMER_ENQUEUE_MS"
	// PropTimerDequeueMS is set by the broker's timer wheel.
	PropTimerDequeueMS = "TIMER_DEQUEUE_MS"
	// PropTimerRollTimes is set by the broker's timer wheel.
	PropTimerRollTimes = "TIMER_ROLL_TIMES"
	// PropTimerDelUniqKey names the timer message that is to be recalled.
	PropTimerDelUniqKey = "TIMER_DEL_UNIQKEY"
	// PropTimerDelayLevel is set by the broker's timer wheel.
	PropTimerDelayLevel = "TIMER_DELAY_LEVEL"
	// PropUniqKey is the id the client gave the message.
	PropUniqKey = "UNIQ_KEY"
	// PropExtendUniqInfo is set by proxies.
	PropExtendUniqInfo = "EXTEND_UNIQ_INFO"
	// PropRetryTopic is the original topic of a message that is consumed again.
	PropRetryTopic = "RETRY_TOPIC"
	// PropOriginMessageID is the offset id of the first copy.
	PropOriginMessageID = "ORIGIN_MESSAGE_ID"
	// PropReconsumeTime counts deliveries in a message that a client sends to a retry topic.
	PropReconsumeTime = "RECONSUME_TIME"
	// PropMaxReconsumeTimes bounds the deliveries of a message that a client sends to a retry topic.
	PropMaxReconsumeTimes = "MAX_RECONSUME_TIMES"
	// PropRealTopic is the target of a delayed or transactional message.
	PropRealTopic = "REAL_TOPIC"
	// PropRealQueueID is the target queue of a delayed or transactional message.
	PropRealQueueID = "REAL_QID"
	// PropProducerGroup is the group that a transaction is checked with.
	PropProducerGroup = "PGROUP"
	// PropTransactionPrepared is "true" on half messages.
	PropTransactionPrepared = "TRAN_MSG"
	// PropTransactionID is the transaction id, equal to PropUniqKey.
	PropTransactionID = "__transactionId__"
	// PropTransactionPreparedQueueOffset is set by the broker.
	PropTransactionPreparedQueueOffset = "TRAN_PREPARED_QUEUE_OFFSET"
	// PropTransactionCheckTimes counts the checks of a half message.
	PropTransactionCheckTimes = "TRANSACTION_CHECK_TIMES"
	// PropCheckImmunityTimeInSeconds delays the first check of a half message.
	PropCheckImmunityTimeInSeconds = "CHECK_IMMUNITY_TIME_IN_SECONDS"
	// PropMinOffset is the smallest offset of the queue when the message was pulled.
	PropMinOffset = "MIN_OFFSET"
	// PropMaxOffset is the largest offset of the queue when the message was pulled.
	PropMaxOffset = "MAX_OFFSET"
	// PropConsumeStartTime is when the handler got the message, in milliseconds since 1970.
	PropConsumeStartTime = "CONSUME_START_TIME"
	// PropCorrelationID ties a reply to its request.
	PropCorrelationID = "CORRELATION_ID"
	// PropReplyToClient is the client id that waits for the reply.
	PropReplyToClient = "REPLY_TO_CLIENT"
	// PropMessageTTL is how long a requester waits, in milliseconds.
	PropMessageTTL = "TTL"
	// PropMsgType is "reply" on replies.
	PropMsgType = "MSG_TYPE"
	// PropArriveTime is when a reply reached the client.
	PropArriveTime = "ARRIVE_TIME"
	// PropPushReplyTime is when the broker pushed a reply.
	PropPushReplyTime = "PUSH_REPLY_TIME"
	// PropCluster is the cluster that stored the message.
	PropCluster = "CLUSTER"
	// PropMsgRegion is the region of the broker.
	PropMsgRegion = "MSG_REGION"
	// PropTraceOn switches message trace.
	PropTraceOn = "TRACE_ON"
	// PropInstanceID is the namespace of the client.
	PropInstanceID = "INSTANCE_ID"
	// PropPopCK is the receipt handle of a popped message.
	PropPopCK = "POP_CK"
	// PropPopCKOffset is the offset part of a receipt handle.
	PropPopCKOffset = "POP_CK_OFFSET"
	// PropFirstPopTime is when the message was popped first.
	PropFirstPopTime = "1ST_POP_TIME"
	// PropShardingKey is the order key of the Java client.
	PropShardingKey = "__SHARDINGKEY"
	// PropInnerNum is the number of messages in an inner batch.
	PropInnerNum = "INNER_NUM"
	// PropInnerBase is the queue offset of the first message in an inner batch.
	PropInnerBase = "INNER_BASE"
	// PropInnerMultiDispatch lists the light queues of a message.
	PropInnerMultiDispatch = "INNER_MULTI_DISPATCH"
	// PropInnerMultiQueueOffset lists the offsets in the light queues.
	PropInnerMultiQueueOffset = "INNER_MULTI_QUEUE_OFFSET"
	// PropDupInfo carries deduplication data of the user.
	PropDupInfo = "DUP_INFO"
	// PropBuyerID is a legacy name.
	PropBuyerID = "BUYER_ID"
	// PropTransferFlag is a legacy name.
	PropTransferFlag = "TRANSFER_FLAG"
	// PropCorrectionFlag is a legacy name.
	PropCorrectionFlag = "CORRECTION_FLAG"
	// PropMQ2Flag is a legacy name.
	PropMQ2Flag = "MQ2_FLAG"
	// PropTraceContext is set by the gRPC proxy.
	PropTraceContext = "TRACE_CONTEXT"
	// PropBornTimestamp is set by proxies.
	PropBornTimestamp = "BORN_TIMESTAMP"
	// PropBornHost is set by proxies.
	PropBornHost = "__BORNHOST"
	// PropForwardQueueID is set by the broker's escape bridge.
	PropForwardQueueID = "PROPERTY_FORWARD_QUEUE_ID"
	// PropRedirect is set by the broker's escape bridge.
	PropRedirect = "REDIRECT"
	// PropDLQOriginTopic is the topic a dead letter came from.
	PropDLQOriginTopic = "DLQ_ORIGIN_TOPIC"
	// PropDLQOriginMessageID is the id a dead letter had.
	PropDLQOriginMessageID = "DLQ_ORIGIN_MESSAGE_ID"
	// PropCRC32 is the checksum of the properties, appended by some brokers.
	PropCRC32 = "__CRC32#"
	// PropStartDeliverTime is the delivery time set by old clients.
	PropStartDeliverTime = "__STARTDELIVERTIME"
	// PropTransientTopicSysFlag never leaves the client.
	PropTransientTopicSysFlag = "__RMQ.TRANSIENT.TOPIC_SYS_FLAG"
	// PropTransientGroupSysFlag never leaves the client.
	PropTransientGroupSysFlag = "__RMQ.TRANSIENT.GROUP_SYS_FLAG"
)

// KeySeparator stands between the keys of PropKeys.
const KeySeparator = " "

package primitive

// Names that rocketmq-client-go misspells.
const (
	// PropertyTranscationPreparedQueueOffset is misspelled.
	//
	// Deprecated: use PropertyTransactionPreparedQueueOffset.
	PropertyTranscationPreparedQueueOffset = PropertyTransactionPreparedQueueOffset
	// PropertyTranscationCheckTimes is misspelled.
	//
	// Deprecated: use PropertyTransactionCheckTimes.
	PropertyTranscationCheckTimes = PropertyTransactionCheckTimes
	// UnkonwnState is misspelled.
	//
	// Deprecated: use UnknownState.
	UnkonwnState = UnknownState
)

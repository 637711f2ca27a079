package command

// LockBatchRequestBody is the body of LOCK_BATCH_MQ: the client wants to be the only one of its group to consume these
// queues (Java: LockBatchRequestBody).
type LockBatchRequestBody struct {
	ClientID       string         `json:"clientId"`
	ConsumerGroup  string         `json:"consumerGroup"`
	MQSet          []MessageQueue `json:"mqSet"`
	OnlyThisBroker bool           `json:"onlyThisBroker"`
}

// Encode writes the body.
func (b *LockBatchRequestBody) Encode() ([]byte, error) {
	full := *b
	full.MQSet = notNil(b.MQSet)
	return json.Marshal(&full)
}

// Decode reads the body.
func (b *LockBatchRequestBody) Decode(body []byte) error { return decodeBody(b, "lock", body) }

// LockBatchResponseBody names the queues that the client holds now; one held by another is simply missing (Java:
// LockBatchResponseBody).
type LockBatchResponseBody struct {
	LockOKMQSet []MessageQueue `json:"lockOKMQSet"`
}

// Encode writes the body.
func (b *LockBatchResponseBody) Encode() ([]byte, error) {
	return json.Marshal(LockBatchResponseBody{notNil(b.LockOKMQSet)})
}

// Decode reads the body.
func (b *LockBatchResponseBody) Decode(body []byte) error {
	return decodeBody(b, "lock answer", body)
}

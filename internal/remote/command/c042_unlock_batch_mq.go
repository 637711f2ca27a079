package command

// UnlockBatchRequestBody is the body of UNLOCK_BATCH_MQ (Java: UnlockBatchRequestBody).
type UnlockBatchRequestBody struct {
	ClientID       string         `json:"clientId"`
	ConsumerGroup  string         `json:"consumerGroup"`
	MQSet          []MessageQueue `json:"mqSet"`
	OnlyThisBroker bool           `json:"onlyThisBroker"`
}

// Encode writes the body.
func (b *UnlockBatchRequestBody) Encode() ([]byte, error) {
	full := *b
	full.MQSet = notNil(b.MQSet)
	return json.Marshal(&full)
}

// Decode reads the body.
func (b *UnlockBatchRequestBody) Decode(body []byte) error { return decodeBody(b, "unlock", body) }

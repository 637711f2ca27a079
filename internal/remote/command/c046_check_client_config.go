package command

// CheckClientConfigBody is the body of CHECK_CLIENT_CONFIG: whether the broker can serve a subscription that is not by
// tags (Java: CheckClientRequestBody).
type CheckClientConfigBody struct {
	ClientID         string           `json:"clientId"`
	Group            string           `json:"group"`
	Namespace        string           `json:"namespace,omitempty"`
	SubscriptionData SubscriptionData `json:"subscriptionData"`
}

// Encode writes the body.
func (b *CheckClientConfigBody) Encode() ([]byte, error) {
	full := *b
	full.SubscriptionData = b.SubscriptionData.withSets()
	return json.Marshal(&full)
}

// Decode reads the body.
func (b *CheckClientConfigBody) Decode(body []byte) error {
	return decodeBody(b, "check client config", body)
}

package command

// How a consumer gets its messages (Java: ConsumeType).
const (
	ConsumeActively  = "CONSUME_ACTIVELY"  // pull
	ConsumePassively = "CONSUME_PASSIVELY" // push
	ConsumePop       = "CONSUME_POP"
)

// How a group shares its messages (Java: MessageModel).
const (
	ModelBroadcasting = "BROADCASTING"
	ModelClustering   = "CLUSTERING"
)

// Where a new group starts (Java: ConsumeFromWhere).
const (
	FromLastOffset  = "CONSUME_FROM_LAST_OFFSET"
	FromFirstOffset = "CONSUME_FROM_FIRST_OFFSET"
	FromTimestamp   = "CONSUME_FROM_TIMESTAMP"
)

// ProducerData is one producer group of a client.
type ProducerData struct {
	GroupName string `json:"groupName"`
}

// ConsumerData is one consumer group of a client.
type ConsumerData struct {
	ConsumeFromWhere    string             `json:"consumeFromWhere"` // FromLastOffset…
	ConsumeType         string             `json:"consumeType"`      // ConsumePassively…
	GroupName           string             `json:"groupName"`
	MessageModel        string             `json:"messageModel"` // ModelClustering…
	SubscriptionDataSet []SubscriptionData `json:"subscriptionDataSet"`
	UnitMode            bool               `json:"unitMode"`
}

// HeartbeatData is the body of HEART_BEAT. The order of the members is fastjson's: the fingerprint of a heartbeat is a
// hash of its text.
type HeartbeatData struct {
	ClientID             string         `json:"clientID"`
	ConsumerDataSet      []ConsumerData `json:"consumerDataSet"`
	HeartbeatFingerprint int32          `json:"heartbeatFingerprint"` // 0: heartbeat of version 1
	ProducerDataSet      []ProducerData `json:"producerDataSet"`
	WithoutSub           bool           `json:"withoutSub"`
}

// Encode writes the body.
func (d *HeartbeatData) Encode() ([]byte, error) {
	full := *d
	full.ProducerDataSet = notNil(d.ProducerDataSet)
	full.ConsumerDataSet = make([]ConsumerData, len(d.ConsumerDataSet))
	for i, c := range d.ConsumerDataSet {
		subscriptions := make([]SubscriptionData, len(c.SubscriptionDataSet))
		for j, s := range c.SubscriptionDataSet {
			subscriptions[j] = s.withSets()
		}
		c.SubscriptionDataSet = subscriptions
		full.ConsumerDataSet[i] = c
	}
	return json.Marshal(&full)
}

// Decode reads the body.
func (d *HeartbeatData) Decode(body []byte) error { return decodeBody(d, "heartbeat", body) }

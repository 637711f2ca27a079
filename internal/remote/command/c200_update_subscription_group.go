package command

import jsoniter "github.com/json-iterator/go"

// SubscriptionGroupConfig is the body of UPDATE_AND_CREATE_SUBSCRIPTIONGROUP (Java: SubscriptionGroupConfig). Start
// from NewSubscriptionGroupConfig: its zero value would forbid the group to consume.
type SubscriptionGroupConfig struct {
	Attributes                     map[string]string        `json:"attributes"`
	BrokerID                       int64                    `json:"brokerId"`
	ConsumeBroadcastEnable         bool                     `json:"consumeBroadcastEnable"`
	ConsumeEnable                  bool                     `json:"consumeEnable"`
	ConsumeFromMinEnable           bool                     `json:"consumeFromMinEnable"`
	ConsumeMessageOrderly          bool                     `json:"consumeMessageOrderly"`
	ConsumeTimeoutMinute           int32                    `json:"consumeTimeoutMinute"`
	GroupName                      string                   `json:"groupName"`
	GroupRetryPolicy               jsoniter.RawMessage      `json:"groupRetryPolicy,omitempty"` // kept as it came
	GroupSysFlag                   int32                    `json:"groupSysFlag"`
	NotifyConsumerIDsChangedEnable bool                     `json:"notifyConsumerIdsChangedEnable"`
	RetryMaxTimes                  int32                    `json:"retryMaxTimes"`
	RetryQueueNums                 int32                    `json:"retryQueueNums"`
	SubscriptionDataSet            []SimpleSubscriptionData `json:"subscriptionDataSet,omitempty"`
	WhichBrokerWhenConsumeSlowly   int64                    `json:"whichBrokerWhenConsumeSlowly"`
}

// SimpleSubscriptionData is a subscription that a group is bound to (Java: SimpleSubscriptionData).
type SimpleSubscriptionData struct {
	Expression     string `json:"expression"`
	ExpressionType string `json:"expressionType"`
	Topic          string `json:"topic"`
	Version        int64  `json:"version"`
}

// NewSubscriptionGroupConfig returns Java's defaults, which is also what a broker gives a group that it creates by
// itself.
func NewSubscriptionGroupConfig(group string) SubscriptionGroupConfig {
	return SubscriptionGroupConfig{
		BrokerID:                       MasterID,
		ConsumeBroadcastEnable:         true,
		ConsumeEnable:                  true,
		ConsumeFromMinEnable:           true,
		ConsumeTimeoutMinute:           15,
		GroupName:                      group,
		NotifyConsumerIDsChangedEnable: true,
		RetryMaxTimes:                  16,
		RetryQueueNums:                 1,
		WhichBrokerWhenConsumeSlowly:   1,
	}
}

// Encode writes the body.
func (c *SubscriptionGroupConfig) Encode() ([]byte, error) {
	full := *c
	full.Attributes = notNilMap(c.Attributes)
	return json.Marshal(&full)
}

// Decode reads the body; members that do not come have Java's defaults.
func (c *SubscriptionGroupConfig) Decode(body []byte) error {
	return decodeBody(c, "subscription group", body)
}

// UnmarshalJSON gives members that do not come Java's defaults, as Java's constructor does.
func (c *SubscriptionGroupConfig) UnmarshalJSON(b []byte) error {
	type members SubscriptionGroupConfig // without this method
	v := members(NewSubscriptionGroupConfig(""))
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*c = SubscriptionGroupConfig(v)
	return nil
}

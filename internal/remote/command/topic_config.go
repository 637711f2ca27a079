package command

// Values of TopicConfig.TopicFilterType (Java: TopicFilterType).
const (
	TopicFilterSingleTag = "SINGLE_TAG"
	TopicFilterMultiTag  = "MULTI_TAG"
)

// TopicConfig is a topic as a broker keeps it, the body of GET_TOPIC_CONFIG's answer (Java: TopicConfig). Start from
// NewTopicConfig: its zero value has no queues and no permissions.
type TopicConfig struct {
	Attributes      map[string]string `json:"attributes"`
	Order           bool              `json:"order"`
	Perm            int32             `json:"perm"` // bits PermRead…
	ReadQueueNums   int32             `json:"readQueueNums"`
	TopicFilterType string            `json:"topicFilterType"` // TopicFilterSingleTag…
	TopicName       string            `json:"topicName"`
	TopicSysFlag    int32             `json:"topicSysFlag"`
	WriteQueueNums  int32             `json:"writeQueueNums"`
}

// NewTopicConfig returns Java's defaults: 16 queues, readable and writable.
func NewTopicConfig(topic string) TopicConfig {
	return TopicConfig{
		Perm:            PermRead | PermWrite,
		ReadQueueNums:   16,
		TopicFilterType: TopicFilterSingleTag,
		TopicName:       topic,
		WriteQueueNums:  16,
	}
}

// Encode writes the body.
func (c *TopicConfig) Encode() ([]byte, error) {
	full := *c
	full.Attributes = notNilMap(c.Attributes)
	return json.Marshal(&full)
}

// Decode reads the body; members that do not come have Java's defaults.
func (c *TopicConfig) Decode(body []byte) error { return decodeBody(c, "topic config", body) }

// UnmarshalJSON gives members that do not come Java's defaults, as Java's constructor does.
func (c *TopicConfig) UnmarshalJSON(b []byte) error {
	type members TopicConfig // without this method
	v := members(NewTopicConfig(""))
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*c = TopicConfig(v)
	return nil
}

package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// CreateTopicRequest is the header of UPDATE_AND_CREATE_TOPIC (Java: CreateTopicRequestHeader).
type CreateTopicRequest struct {
	Topic           string
	DefaultTopic    string
	ReadQueueNums   int32
	WriteQueueNums  int32
	Perm            int32  // bits PermRead…
	TopicFilterType string // TopicFilterSingleTag
	TopicSysFlag    int32
	Order           bool
	Attributes      string // +k1=v1,-k2
	BrokerName      string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *CreateTopicRequest) AppendFields(w *wire.FieldWriter) {
	w.String("topic", r.Topic)
	w.String("defaultTopic", r.DefaultTopic)
	w.Int32("readQueueNums", r.ReadQueueNums)
	w.Int32("writeQueueNums", r.WriteQueueNums)
	w.Int32("perm", r.Perm)
	w.String("topicFilterType", r.TopicFilterType)
	w.Int32("topicSysFlag", r.TopicSysFlag)
	w.Bool("order", r.Order)
	if r.Attributes != "" {
		w.String("attributes", r.Attributes)
	}
	if r.BrokerName != "" {
		w.String("bname", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *CreateTopicRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "topic":
		return setString(&r.Topic, value)
	case "defaultTopic":
		return setString(&r.DefaultTopic, value)
	case "readQueueNums":
		return setInt32(&r.ReadQueueNums, value)
	case "writeQueueNums":
		return setInt32(&r.WriteQueueNums, value)
	case "perm":
		return setInt32(&r.Perm, value)
	case "topicFilterType":
		return setString(&r.TopicFilterType, value)
	case "topicSysFlag":
		return setInt32(&r.TopicSysFlag, value)
	case "order":
		return setBool(&r.Order, value)
	case "attributes":
		return setString(&r.Attributes, value)
	case "bname":
		return setString(&r.BrokerName, value)
	}
	return nil
}

package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// ResetOffsetRequest is the header of RESET_CONSUMER_CLIENT_OFFSET, which a broker sends one way to the consumers of a
// group; the body is a ResetOffsetBody (Java: ResetOffsetRequestHeader).
type ResetOffsetRequest struct {
	Topic     string
	Group     string
	Timestamp int64 // milliseconds since 1970
	IsForce   bool
}

// AppendFields implements wire.FieldAppender.
func (r *ResetOffsetRequest) AppendFields(w *wire.FieldWriter) {
	w.String("topic", r.Topic)
	w.String("group", r.Group)
	w.Int64("timestamp", r.Timestamp)
	w.Bool("isForce", r.IsForce)
}

// SetField implements wire.FieldSetter.
func (r *ResetOffsetRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "topic":
		return setString(&r.Topic, value)
	case "group":
		return setString(&r.Group, value)
	case "timestamp":
		return setInt64(&r.Timestamp, value)
	case "isForce":
		return setBool(&r.IsForce, value)
	}
	return nil
}

// ResetOffsetBody says where each queue is to be consumed from now on (Java: ResetOffsetBody).
type ResetOffsetBody struct {
	OffsetTable map[MessageQueue]int64
}

type resetOffsetJSON struct {
	OffsetTable map[string]int64 `json:"offsetTable"`
}

// Encode writes the body as brokers do, with objects as names: from 5.4.0 on (fastjson 2) Java refuses a string in
// their place, which standard JSON would need.
func (b *ResetOffsetBody) Encode() ([]byte, error) {
	table, err := encodeQueueMap(b.OffsetTable)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(resetOffsetJSON{table})
	return wire.Fastjson(body), err
}

// Decode reads the body in that form or in standard JSON.
func (b *ResetOffsetBody) Decode(body []byte) error {
	var v resetOffsetJSON
	if err := decodeBody(&v, "reset offset", body); err != nil {
		return err
	}
	table, err := decodeQueueMap(v.OffsetTable)
	if err != nil {
		return err
	}
	b.OffsetTable = table
	return nil
}

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

// Encode writes the body in standard JSON.
func (b *ResetOffsetBody) Encode() ([]byte, error) {
	table, err := encodeQueueMap(b.OffsetTable)
	if err != nil {
		return nil, err
	}
	return json.Marshal(resetOffsetJSON{table})
}

// EncodeFastjson writes the body as brokers do: objects as names.
func (b *ResetOffsetBody) EncodeFastjson() ([]byte, error) {
	body, err := b.Encode()
	return wire.Fastjson(body), err
}

// Decode reads the body in either form.
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

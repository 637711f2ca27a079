package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// SearchOffsetRequest is the header of SEARCH_OFFSET_BY_TIMESTAMP (Java: SearchOffsetRequestHeader).
type SearchOffsetRequest struct {
	Topic        string
	QueueID      int32
	Timestamp    int64  // milliseconds since 1970
	BoundaryType string // BoundaryLower (default) or BoundaryUpper
	BrokerName   string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *SearchOffsetRequest) AppendFields(w *wire.FieldWriter) {
	w.String("topic", r.Topic)
	w.Int32("queueId", r.QueueID)
	w.Int64("timestamp", r.Timestamp)
	if r.BoundaryType != "" {
		w.String("boundaryType", r.BoundaryType)
	}
	if r.BrokerName != "" {
		w.String("bname", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *SearchOffsetRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "topic":
		return setString(&r.Topic, value)
	case "queueId":
		return setInt32(&r.QueueID, value)
	case "timestamp":
		return setInt64(&r.Timestamp, value)
	case "boundaryType":
		return setString(&r.BoundaryType, value)
	case "bname":
		return setString(&r.BrokerName, value)
	}
	return nil
}

// SearchOffsetResponse answers it.
type SearchOffsetResponse struct {
	Offset int64
}

// AppendFields implements wire.FieldAppender.
func (r *SearchOffsetResponse) AppendFields(w *wire.FieldWriter) {
	w.Int64("offset", r.Offset)
}

// SetField implements wire.FieldSetter.
func (r *SearchOffsetResponse) SetField(key, value []byte) error {
	switch string(key) {
	case "offset":
		return setInt64(&r.Offset, value)
	}
	return nil
}

// Values of SearchOffsetRequest.BoundaryType (Java: BoundaryType).
const (
	BoundaryLower = "LOWER" // first message stored at or after the timestamp
	BoundaryUpper = "UPPER" // last message stored at or before it
)

package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// HeartbeatRequest is the header of HEART_BEAT; the body is a HeartbeatData (Java: HeartbeatRequestHeader).
type HeartbeatRequest struct {
	BrokerName string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *HeartbeatRequest) AppendFields(w *wire.FieldWriter) {
	if r.BrokerName != "" {
		w.String("bname", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *HeartbeatRequest) SetField(key, value []byte) error {
	if string(key) == "bname" {
		return setString(&r.BrokerName, value)
	}
	return nil
}

// HeartbeatResponse answers HEART_BEAT from release 5.0 on; older brokers send neither field.
type HeartbeatResponse struct {
	SupportHeartbeatV2 bool
	SubChange          bool // the subscriptions differ from those the broker knew
}

const (
	supportHeartbeatV2 = "IS_SUPPORT_HEART_BEAT_V2"
	subChange          = "IS_SUB_CHANGE"
)

// AppendFields implements wire.FieldAppender.
func (r *HeartbeatResponse) AppendFields(w *wire.FieldWriter) {
	w.Bool(supportHeartbeatV2, r.SupportHeartbeatV2)
	w.Bool(subChange, r.SubChange)
}

// SetField implements wire.FieldSetter.
func (r *HeartbeatResponse) SetField(key, value []byte) error {
	switch string(key) {
	case supportHeartbeatV2:
		return setBool(&r.SupportHeartbeatV2, value)
	case subChange:
		return setBool(&r.SubChange, value)
	}
	return nil
}

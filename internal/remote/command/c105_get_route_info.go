package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// GetRouteInfoRequest is the header of GET_ROUTEINFO_BY_TOPIC; the answer's body is a TopicRouteData (Java:
// GetRouteInfoRequestHeader).
type GetRouteInfoRequest struct {
	Topic string
	// AcceptStandardJSONOnly makes a name server from 4.9.4 on quote broker ids whatever version the request states.
	AcceptStandardJSONOnly bool
}

// AppendFields implements wire.FieldAppender.
func (r *GetRouteInfoRequest) AppendFields(w *wire.FieldWriter) {
	w.String("topic", r.Topic)
	if r.AcceptStandardJSONOnly {
		w.Bool("acceptStandardJsonOnly", true)
	}
}

// SetField implements wire.FieldSetter.
func (r *GetRouteInfoRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "topic":
		return setString(&r.Topic, value)
	case "acceptStandardJsonOnly":
		return setBool(&r.AcceptStandardJSONOnly, value)
	}
	return nil
}

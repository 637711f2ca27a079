package validate

import (
	"fmt"
	"strings"

	"github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// DefaultMaxMessageSize is the largest body a producer sends by default: 4 MiB, as brokers take.
const DefaultMaxMessageSize = 4 << 20

// Message checks a message that is to be sent, in Java's order: that there is one, its topic, its body (at least one
// byte and at most maxSize; maxSize ≤ 0 means DefaultMaxMessageSize) and its properties. The error wraps
// errors.ErrMessageEmpty, those of SendTopic, errors.ErrMessageBody, errors.ErrMessageTooLarge or
// errors.ErrIllegalProperty.
func Message(msg *primitive.Message, maxSize int) error {
	if msg == nil {
		return fmt.Errorf("%w: pass one to send", errors.ErrMessageEmpty)
	}
	if err := SendTopic(msg.Topic); err != nil {
		return err
	}
	if err := Body(msg.Topic, msg.Body, maxSize); err != nil {
		return err
	}
	return Properties(msg)
}

// Body checks the size of a body. The error wraps errors.ErrMessageBody or errors.ErrMessageTooLarge.
func Body(topic string, body []byte, maxSize int) error {
	if maxSize <= 0 {
		maxSize = DefaultMaxMessageSize
	}
	switch {
	case len(body) == 0:
		return fmt.Errorf("%w: topic %s, the body is empty", errors.ErrMessageBody, topic)
	case len(body) > maxSize:
		return fmt.Errorf("%w: topic %s, the body has %d bytes, at most %d are allowed", errors.ErrMessageTooLarge, topic, len(body), maxSize)
	}
	return nil
}

// Properties checks that the properties of a message can be sent. The error wraps errors.ErrIllegalProperty.
func Properties(msg *primitive.Message) error {
	if err := msg.PropertyError(); err != nil {
		return fmt.Errorf("%w: topic %s: %w", errors.ErrIllegalProperty, msg.Topic, err)
	}
	if n := len(msg.EncodedProperties()); n > record.MaxPropertiesSize {
		return fmt.Errorf("%w: topic %s, all properties together have %d bytes, at most %d are allowed",
			errors.ErrIllegalProperty, msg.Topic, n, record.MaxPropertiesSize)
	}
	// Brokers keep light queues in files named after them.
	if path := msg.GetProperty(record.PropInnerMultiDispatch); strings.ContainsAny(path, `/\`) {
		return fmt.Errorf("%w: topic %s, %s may not contain / or \\: %q", errors.ErrIllegalProperty, msg.Topic, record.PropInnerMultiDispatch, path)
	}
	return nil
}

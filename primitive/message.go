package primitive

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote/record"
)

// Message is what a producer sends. The zero value is usable; Topic and Body are needed to send it.
//
// Clients never write to a Message that they are given, so one may be sent any number of times, also concurrently.
// Reading is safe for concurrent use, the With methods and RemoveProperty are not. A copy of a Message is
// independent of the original except for Body and Queue, which both share.
type Message struct {
	// Topic is where the message goes.
	Topic string
	// Body is the payload, at least one byte.
	Body []byte
	// Flag is carried for the application; RocketMQ does not look at it.
	Flag int32
	// TransactionId is set for the listener of a transaction.
	TransactionId string
	// Batch is true when Body holds the encoded messages of a batch.
	Batch bool
	// Queue sends the message to this queue when the producer has the manual queue selector, or to this queue's
	// broker; nil leaves the choice to the selector. On received messages it is where the message came from.
	Queue *MessageQueue

	// props is the properties text of the wire. Being a string it makes copies independent, concurrent reads safe,
	// and neither sending nor receiving has to convert it.
	props string
	// propErr remembers the first property that the text cannot carry until the message is sent.
	propErr error
}

// NewMessage returns a message for topic. body is not copied.
func NewMessage(topic string, body []byte) *Message {
	return &Message{Topic: topic, Body: body}
}

// Clone returns a copy that shares nothing but Body with m.
func (m *Message) Clone() *Message {
	c := *m
	if m.Queue != nil {
		q := *m.Queue
		c.Queue = &q
	}
	return &c
}

// WithProperties replaces all properties by those of p. Pairs with an empty name or value are left out.
func (m *Message) WithProperties(p map[string]string) {
	m.props, m.propErr = "", nil
	names := make([]string, 0, len(p))
	size := 0
	for k, v := range p {
		if k == "" || v == "" {
			continue
		}
		if !m.checkProperty(k, v) {
			continue
		}
		names = append(names, k)
		size += len(k) + len(v) + 2
	}
	slices.Sort(names) // the same properties always give the same bytes
	text := make([]byte, 0, size)
	for _, k := range names {
		text = record.AppendProperty(text, k, p[k])
	}
	m.props = string(text)
}

// WithProperty sets a property; nothing happens when key or value is empty. Names and values may not contain the
// bytes 0x01 and 0x02, which separate them on the wire: such a property is not set, PropertyError reports it and
// sending the message fails with it.
func (m *Message) WithProperty(key, value string) {
	if key == "" || value == "" || !m.checkProperty(key, value) {
		return
	}
	text := make([]byte, 0, len(m.props)+len(key)+len(value)+2)
	text = appendWithout(text, m.props, key)
	m.props = string(record.AppendProperty(text, key, value))
}

func (m *Message) checkProperty(key, value string) bool {
	err := record.CheckProperty(key, value)
	if err != nil && m.propErr == nil {
		m.propErr = err
	}
	return err == nil
}

// PropertyError returns why a property could not be set, or nil. Sending fails with this error.
func (m *Message) PropertyError() error { return m.propErr }

// appendWithout appends the pairs of props except those named key.
func appendWithout(dst []byte, props, key string) []byte {
	if _, ok := record.LookupProperty(props, key); !ok {
		return appendClosed(dst, props)
	}
	record.EachProperty(props, func(k, v string) bool {
		if k != key {
			dst = record.AppendProperty(dst, k, v)
		}
		return true
	})
	return dst
}

// GetProperty returns the value of a property, "" when there is none. It allocates nothing.
func (m *Message) GetProperty(key string) string {
	v, _ := record.LookupProperty(m.props, key)
	return v
}

// GetProperties returns all properties in a new map.
func (m *Message) GetProperties() map[string]string {
	p := make(map[string]string)
	record.EachProperty(m.props, func(k, v string) bool {
		p[k] = v
		return true
	})
	return p
}

// RemoveProperty removes a property and returns the value it had.
func (m *Message) RemoveProperty(key string) string {
	v, ok := record.LookupProperty(m.props, key)
	if ok {
		m.props = string(appendWithout(nil, m.props, key))
	}
	return v
}

// EncodedProperties returns the properties in the text of the wire: name 0x01 value 0x02 for each.
func (m *Message) EncodedProperties() string { return m.props }

// AppendProperties appends the properties to dst in the text of the wire. The text ends with the separator 0x02, so
// that further pairs can be appended.
func (m *Message) AppendProperties(dst []byte) []byte { return appendClosed(dst, m.props) }

// appendClosed appends a properties text and the separator that may be missing at its end.
func appendClosed(dst []byte, props string) []byte {
	dst = append(dst, props...)
	if n := len(props); n > 0 && props[n-1] != record.PropertySeparator {
		dst = append(dst, record.PropertySeparator)
	}
	return dst
}

// SetEncodedProperties replaces all properties by those of a text as it came from the wire. The last separator may
// be missing; pairs without name or value do not count; of pairs with the same name the last one counts.
func (m *Message) SetEncodedProperties(text string) { m.props, m.propErr = text, nil }

// WithDelayTimeLevel has the broker deliver the message later, by level 1 to 18 of its table, as a rule 1s 5s 10s
// 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h. Brokers cut a higher level to the last and ignore 0 and less.
func (m *Message) WithDelayTimeLevel(level int) *Message {
	m.WithProperty(PropertyDelayTimeLevel, strconv.Itoa(level))
	return m
}

// WithDelayTimestamp has a broker 5.0 or later deliver the message at a time, to the second. A time in the past
// means at once; brokers refuse times too far ahead (3 days, as a rule).
func (m *Message) WithDelayTimestamp(deliveryTimestamp time.Time) *Message {
	m.WithProperty(PropertyTimerDeliverMS, strconv.FormatInt(deliveryTimestamp.UnixMilli(), 10))
	return m
}

// WithTag sets the tag that consumers can filter by.
func (m *Message) WithTag(tags string) *Message {
	m.WithProperty(PropertyTags, tags)
	return m
}

// WithKeys sets the keys by which the message can be looked up on the broker. A key with a space in it counts as
// several.
func (m *Message) WithKeys(keys []string) *Message {
	m.WithProperty(PropertyKeys, strings.Join(keys, PropertyKeySeparator))
	return m
}

// WithShardingKey sets the key that orders messages: those with equal keys go to one queue. It is written under the
// names of both the Java client and rocketmq-client-go.
func (m *Message) WithShardingKey(key string) *Message {
	m.WithProperty(PropertyJavaShardingKey, key)
	m.WithProperty(PropertyShardingKey, key)
	return m
}

// GetTags returns the tag.
func (m *Message) GetTags() string { return m.GetProperty(PropertyTags) }

// GetKeys returns the keys, separated by PropertyKeySeparator.
func (m *Message) GetKeys() string { return m.GetProperty(PropertyKeys) }

// GetShardingKey returns the key that orders messages: the Java client's, else that of rocketmq-client-go.
func (m *Message) GetShardingKey() string {
	if key := m.GetProperty(PropertyJavaShardingKey); key != "" {
		return key
	}
	return m.GetProperty(PropertyShardingKey)
}

// String returns the message in one line, with the start of its body.
func (m *Message) String() string {
	if m == nil {
		return "Message [nil]"
	}
	return fmt.Sprintf("Message [topic=%s, body=%s, flag=%d, properties=%v, transactionId=%s]",
		m.Topic, printableBody(m.Body), m.Flag, m.GetProperties(), m.TransactionId)
}

// printableBody quotes the first bytes only: a body can be megabytes of anything.
func printableBody(body []byte) string {
	const most = 128
	if len(body) <= most {
		return strconv.Quote(string(body))
	}
	return fmt.Sprintf("%q… (%d bytes)", body[:most], len(body))
}

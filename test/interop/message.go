package interop

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// Message is one message to send.
type Message struct {
	Mode       string // sync, async, or batch: all of these travel together
	Body       []byte
	Tags       string
	Keys       string
	DelayLevel int
	Properties map[string]string
}

// Sent is what a producer says about a send.
type Sent struct {
	Status      string `json:"status"`
	MsgID       string `json:"msgId"`
	QueueID     int    `json:"queueId"`
	QueueOffset int64  `json:"queueOffset"`
}

// Received is a message as a consumer got it.
type Received struct {
	Body        []byte            `json:"body"`
	MsgID       string            `json:"msgId"`
	Topic       string            `json:"topic"`
	QueueID     int               `json:"queueId"`
	QueueOffset int64             `json:"queueOffset"`
	DelayMs     int64             `json:"delayMs"` // from being born to being stored
	Properties  map[string]string `json:"properties"`
}

// line is the form in which the Java and Go programs read a message.
func (m Message) line() string {
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	var pairs []string
	for name, value := range m.Properties {
		pairs = append(pairs, encode(name)+":"+encode(value))
	}
	slices.Sort(pairs)
	return strings.Join([]string{
		m.Mode, base64.StdEncoding.EncodeToString(m.Body), encode(m.Tags), encode(m.Keys),
		fmt.Sprint(m.DelayLevel), strings.Join(pairs, ","),
	}, "\t") + "\n"
}

func lines(msgs []Message) string {
	var b strings.Builder
	for _, m := range msgs {
		b.WriteString(m.line())
	}
	return b.String()
}

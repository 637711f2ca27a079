package conformance

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/conformance/observe"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// Master returns the name and address of one broker of the cluster.
func (e *Env) Master() (name, addr string) {
	e.t.Helper()
	masters, err := e.Observer.Masters(e.Ctx)
	require.NoError(e.t, err)
	for n, a := range masters {
		if name == "" || n < name {
			name, addr = n, a
		}
	}
	require.NotEmpty(e.t, name, "no master")
	return name, addr
}

// Invoke sends a raw request and returns whatever the server answers.
func (e *Env) Invoke(addr string, code int32, header wire.FieldAppender, body []byte) *wire.Command {
	e.t.Helper()
	cmd, err := e.Observer.Invoke(e.Ctx, addr, code, header, body)
	require.NoError(e.t, err)
	return cmd
}

// rawSend is the header of SEND_MESSAGE_V2 as a list, so that cases can send
// what no client would.
type rawSend struct {
	Topic        string
	DefaultTopic string // TBW102 when empty
	Queue        int
	SysFlag      int
	Properties   string
	MaxReconsume int
	Reconsume    int
}

func (s rawSend) fields() wire.Fields {
	if s.DefaultTopic == "" {
		s.DefaultTopic = "TBW102"
	}
	return wire.Fields{
		{Key: "a", Value: "GID_conformance_raw"},
		{Key: "b", Value: s.Topic},
		{Key: "c", Value: s.DefaultTopic},
		{Key: "d", Value: "4"},
		{Key: "e", Value: strconv.Itoa(s.Queue)},
		{Key: "f", Value: strconv.Itoa(s.SysFlag)},
		{Key: "g", Value: strconv.FormatInt(time.Now().UnixMilli(), 10)},
		{Key: "h", Value: "0"},
		{Key: "i", Value: s.Properties},
		{Key: "j", Value: strconv.Itoa(s.Reconsume)},
		{Key: "k", Value: "false"},
		{Key: "l", Value: strconv.Itoa(s.MaxReconsume)},
		{Key: "m", Value: "false"},
	}
}

// RawSend sends one message without the client.
func (e *Env) RawSend(addr string, s rawSend, body string) *wire.Command {
	e.t.Helper()
	return e.Invoke(addr, command.CodeSendMessageV2, s.fields(), []byte(body))
}

// rawPull is the header of PULL_MESSAGE as a list.
type rawPull struct {
	Group      string
	Queue      observe.Queue
	Offset     int64
	SysFlag    int // 2 long poll, 4 subscription attached
	Expression string
	Suspend    time.Duration
}

func (p rawPull) fields() wire.Fields {
	if p.Expression == "" {
		p.Expression = "*"
	}
	return wire.Fields{
		{Key: "consumerGroup", Value: p.Group},
		{Key: "topic", Value: p.Queue.Topic},
		{Key: "queueId", Value: strconv.Itoa(p.Queue.ID)},
		{Key: "queueOffset", Value: strconv.FormatInt(p.Offset, 10)},
		{Key: "maxMsgNums", Value: "32"},
		{Key: "sysFlag", Value: strconv.Itoa(p.SysFlag)},
		{Key: "commitOffset", Value: "0"},
		{Key: "suspendTimeoutMillis", Value: strconv.FormatInt(p.Suspend.Milliseconds(), 10)},
		{Key: "subscription", Value: p.Expression},
		{Key: "expressionType", Value: "TAG"},
		{Key: "subVersion", Value: "0"},
	}
}

// rawHeartbeat is the body of a heartbeat of one member of one group.
func rawHeartbeat(clientID, group, topic string) []byte {
	body, err := json.Marshal(map[string]any{
		"clientID":        clientID,
		"producerDataSet": []any{},
		"consumerDataSet": []any{map[string]any{
			"groupName": group, "consumeType": "CONSUME_PASSIVELY", "messageModel": "CLUSTERING",
			"consumeFromWhere": "CONSUME_FROM_FIRST_OFFSET", "unitMode": false,
			"subscriptionDataSet": []any{map[string]any{
				"topic": topic, "subString": "*", "expressionType": "TAG", "classFilterMode": false,
				"tagsSet": []any{}, "codeSet": []any{}, "subVersion": time.Now().UnixMilli(),
			}},
		}},
	})
	if err != nil {
		panic(fmt.Sprintf("a fixed value does not encode: %v", err))
	}
	return body
}

// long reads a number from an answer's extension fields.
func (e *Env) long(cmd *wire.Command, key string) int64 {
	e.t.Helper()
	text, ok := cmd.Field(key)
	require.True(e.t, ok, "answer code %d %q has no %s", cmd.Code, cmd.Remark, key)
	n, err := strconv.ParseInt(text, 10, 64)
	require.NoError(e.t, err)
	return n
}

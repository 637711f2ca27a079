package mqserver

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

const waitFor = time.Minute // for a busy machine under the race detector

// start runs a cluster for one test.
func start(t testing.TB, change ...func(*Config)) *Cluster {
	t.Helper()
	return startWithClock(t, realClock{}, change...)
}

func startWithClock(t testing.TB, clk clock, change ...func(*Config)) *Cluster {
	t.Helper()
	var cfg Config
	for _, f := range change {
		f(&cfg)
	}
	c, err := newCluster(cfg, clk)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

// peer is a client made of nothing but frames: one request at a time, answers paired by opaque.
type peer struct {
	t      testing.TB
	nc     net.Conn
	r      *wire.Reader
	opaque int32

	serialization wire.Serialization
	version       int32
	pushed        []*wire.Command // requests of the broker that came while waiting for an answer
	late          map[int32]*wire.Command
}

func dial(t testing.TB, addr string) *peer {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	return newPeer(t, nc)
}

func newPeer(t testing.TB, nc net.Conn) *peer {
	t.Cleanup(func() { _ = nc.Close() })
	return &peer{t: t, nc: nc, r: wire.NewReader(nc, 0), version: wire.Version, late: map[int32]*wire.Command{}}
}

// dialBroker connects to the first broker.
func dialBroker(t testing.TB, c *Cluster) *peer { return dial(t, c.BrokerAddr("broker-0", 0)) }

// write sends a request and returns its opaque.
func (p *peer) write(code, flag int32, h wire.FieldAppender, body []byte) int32 {
	p.t.Helper()
	p.opaque++
	b, err := wire.AppendFrame(nil, p.serialization, &wire.Head{
		Code: code, Language: wire.LanguageGo, Version: p.version, Opaque: p.opaque, Flag: flag,
	}, h, nil, body)
	require.NoError(p.t, err)
	_, err = p.nc.Write(b)
	require.NoError(p.t, err)
	return p.opaque
}

// next returns the next frame, whatever it is.
func (p *peer) next() (*wire.Command, error) {
	p.t.Helper()
	require.NoError(p.t, p.nc.SetReadDeadline(time.Now().Add(waitFor)))
	frame, err := p.r.Next()
	if err != nil {
		return nil, err
	}
	cmd, err := wire.Decode(frame)
	require.NoError(p.t, err)
	return cmd, nil
}

// answerTo waits for the answer to a request.
func (p *peer) answerTo(opaque int32) *wire.Command {
	p.t.Helper()
	if cmd := p.late[opaque]; cmd != nil {
		delete(p.late, opaque)
		return cmd
	}
	for {
		cmd, err := p.next()
		require.NoError(p.t, err)
		switch {
		case !cmd.IsResponse():
			p.pushed = append(p.pushed, cmd)
		case cmd.Opaque == opaque:
			return cmd
		default:
			p.late[cmd.Opaque] = cmd
		}
	}
}

// call sends a request and returns the answer.
func (p *peer) call(code int32, h wire.FieldAppender, body []byte) *wire.Command {
	p.t.Helper()
	return p.answerTo(p.write(code, 0, h, body))
}

// push waits for a request of the broker.
func (p *peer) push() *wire.Command {
	p.t.Helper()
	if len(p.pushed) > 0 {
		cmd := p.pushed[0]
		p.pushed = p.pushed[1:]
		return cmd
	}
	cmd, err := p.next()
	require.NoError(p.t, err)
	require.False(p.t, cmd.IsResponse(), "%+v", cmd.Head)
	return cmd
}

// bodyCall is call for requests whose header has no fields.
func (p *peer) bodyCall(code int32, body interface{ Encode() ([]byte, error) }) *wire.Command {
	p.t.Helper()
	b, err := body.Encode()
	require.NoError(p.t, err)
	return p.call(code, nil, b)
}

// v2 is a send to queue 0 with properties key, value, ….
func v2(topic string, props ...string) *command.SendMessageV2Request {
	h := &command.SendMessageV2Request{
		ProducerGroup: "PG", Topic: topic, DefaultTopic: defaultTopic, DefaultTopicQueueNums: 4,
		BornTimestamp: 1700000000000, Flag: 7,
	}
	for i := 0; i < len(props); i += 2 {
		h.Properties = record.AppendProperty(h.Properties, props[i], props[i+1])
	}
	return h
}

// send stores a message and returns the answer's header.
func (p *peer) send(h *command.SendMessageV2Request, body string) command.SendMessageResponse {
	p.t.Helper()
	cmd := p.call(command.CodeSendMessageV2, h, []byte(body))
	require.Equal(p.t, codeSuccess, cmd.Code, cmd.Remark)
	var out command.SendMessageResponse
	require.NoError(p.t, cmd.DecodeFields(&out))
	return out
}

// pullOf is a pull from offset 0 of queue 0 with an attached subscription of everything.
func pullOf(topic string) *command.PullMessageRequest {
	return &command.PullMessageRequest{
		ConsumerGroup: "CG", Topic: topic, MaxMsgNums: 32, SysFlag: command.PullSubscription,
		Subscription: "*", ExpressionType: command.ExpressionTag,
	}
}

// pull returns the answer's code, header and messages.
func (p *peer) pull(h *command.PullMessageRequest) (*wire.Command, command.PullMessageResponse, []record.Message) {
	p.t.Helper()
	return pulled(p.t, p.call(command.CodePullMessage, h, nil))
}

func pulled(t testing.TB, cmd *wire.Command) (*wire.Command, command.PullMessageResponse, []record.Message) {
	t.Helper()
	var out command.PullMessageResponse
	require.NoError(t, cmd.DecodeFields(&out))
	return cmd, out, decodeAll(t, cmd.Body)
}

func decodeAll(t testing.TB, b []byte) []record.Message {
	t.Helper()
	var out []record.Message
	for len(b) > 0 {
		var m record.Message
		n, err := m.Decode(b)
		require.NoError(t, err)
		out = append(out, m)
		b = b[n:]
	}
	return out
}

func withTopic(name string, queues int) func(*Config) {
	return func(c *Config) { c.Topics = append(c.Topics, Topic{name, queues}) }
}

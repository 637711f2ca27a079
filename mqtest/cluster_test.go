package mqtest_test

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/mqtest"
)

// conn is a connection that speaks frames, one request at a time.
type conn struct {
	t  *testing.T
	nc net.Conn
	r  *wire.Reader
}

func dial(t *testing.T, addr string) *conn {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = nc.Close() })
	return &conn{t: t, nc: nc, r: wire.NewReader(nc, 0)}
}

func (c *conn) call(code int32, h wire.FieldAppender, body string) *wire.Command {
	c.t.Helper()
	b, err := wire.AppendFrame(nil, wire.JSON, &wire.Head{Code: code, Version: wire.Version, Opaque: 1}, h, nil, []byte(body))
	require.NoError(c.t, err)
	_, err = c.nc.Write(b)
	require.NoError(c.t, err)
	require.NoError(c.t, c.nc.SetReadDeadline(time.Now().Add(5*time.Second)))
	for {
		frame, err := c.r.Next()
		require.NoError(c.t, err)
		cmd, err := wire.Decode(frame)
		require.NoError(c.t, err)
		if cmd.IsResponse() {
			return cmd
		}
	}
}

func send(topic string, queue int32) *command.SendMessageV2Request {
	return &command.SendMessageV2Request{
		ProducerGroup: "PG", Topic: topic, DefaultTopic: "TBW102", DefaultTopicQueueNums: 4, QueueID: queue, BornTimestamp: 1,
	}
}

func TestCluster(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithSlaves(1), mqtest.WithNameServers(2), mqtest.WithTopic("T", 3),
		mqtest.WithClusterName("east"), mqtest.WithStaleRoutes(time.Hour))
	require.Len(t, c.NameServers(), 2)
	require.Equal(t, strings.Join(c.NameServers(), ";"), c.NameServer())
	require.Equal(t, []string{"broker-0", "broker-1"}, c.Brokers())
	require.NotEmpty(t, c.SlaveAddr("broker-1", 1))
	require.Empty(t, c.SlaveAddr("broker-1", 2))

	for i, broker := range []string{"broker-1", "broker-0"} {
		b := dial(t, c.BrokerAddr(broker))
		for q := int32(2); q >= 0; q-- {
			require.Zero(t, b.call(command.CodeSendMessageV2, send("T", q), fmt.Sprint(i, q)).Code)
		}
	}
	var got []string
	for _, m := range c.Stored("T") {
		require.Equal(t, "T", m.Topic)
		got = append(got, fmt.Sprint(m.Queue.BrokerName, " ", m.Queue.QueueId, " ", string(m.Body)))
	}
	require.Equal(t, []string{
		"broker-0 0 1 0", "broker-0 1 1 1", "broker-0 2 1 2", "broker-1 0 0 0", "broker-1 1 0 1", "broker-1 2 0 2",
	}, got)
	require.Equal(t, 6, c.StoredCount("T"))
	require.Equal(t, 6, c.Requests(command.CodeSendMessageV2))
	require.Equal(t, 2, c.Connections())
	require.EqualValues(t, -1, c.CommittedOffset("CG", "T", "broker-0", 0))
	require.Empty(t, c.Consumers("CG", "broker-0"))

	listed := func() string {
		return string(dial(t, c.NameServers()[0]).call(command.CodeGetBrokerClusterInfo, nil, "").Body)
	}
	require.NoError(t, c.KillBroker("broker-0"))
	require.Contains(t, listed(), c.BrokerAddr("broker-0"))
	require.NoError(t, c.StartBroker("broker-0"))
	require.NoError(t, c.StopBroker("broker-0"))
	require.NotContains(t, listed(), c.BrokerAddr("broker-0"))
	require.Contains(t, listed(), c.SlaveAddr("broker-0", 1))
	require.NoError(t, c.StopSlave("broker-0", 1))
	require.NotContains(t, listed(), "broker-0")
	require.NoError(t, c.StartSlave("broker-0", 1))
	require.NoError(t, c.StopNameServer(0))
	require.NoError(t, c.StartNameServer(0))
	require.NoError(t, c.CreateTopic("U", 1))
	require.NoError(t, c.DeleteTopic("U"))
	c.CloseConnections()
	require.Eventually(t, func() bool { return c.Connections() == 0 }, time.Minute, time.Millisecond)
}

func TestOnCommand(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t)
	n := dial(t, c.NameServers()[0])
	remove := c.OnCommand(mqtest.AnyCode, func(in *mqtest.Command) *mqtest.Reply {
		if in.Fields["topic"] != "hidden" {
			return nil
		}
		return &mqtest.Reply{Code: command.SystemError, Remark: "no", Delay: time.Millisecond}
	})
	route := func(topic string) *wire.Command {
		return n.call(command.CodeGetRouteInfoByTopic, &command.GetRouteInfoRequest{Topic: topic}, "")
	}
	require.Equal(t, "no", route("hidden").Remark)
	require.Zero(t, route("TBW102").Code)
	remove()
	require.Equal(t, command.TopicNotExist, route("hidden").Code)
}

func TestOptions(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithAddr("localhost:0"), mqtest.WithQueues(3), mqtest.WithDelayLevels("1ms"),
		mqtest.WithAutoCreateTopic(true), mqtest.WithAutoCreateGroup(false), mqtest.WithMaxMemory(2<<20),
		mqtest.WithMaxMessageSize(10))
	b := dial(t, c.BrokerAddr("broker-0"))
	require.Equal(t, command.MessageIllegal, b.call(command.CodeSendMessageV2, send("T", 0), "12345678901").Code)
	require.Equal(t, command.InvalidParameter, b.call(command.CodeSendMessageV2, send("T", 3), "x").Code)
	h := send("T", 0)
	h.Properties = []byte("DELAY\x011\x02")
	require.Zero(t, b.call(command.CodeSendMessageV2, h, "late").Code)
	require.Eventually(t, func() bool { return c.StoredCount("T") == 1 }, time.Minute, time.Millisecond)
	require.Equal(t, command.SubscriptionGroupNotExist, b.call(command.CodePullMessage, &command.PullMessageRequest{ConsumerGroup: "CG", Topic: "T"}, "").Code)

	c = mqtest.Start(t, mqtest.WithACL("ak", "sk"), mqtest.WithAutoCreateTopic(false))
	require.Equal(t, command.NoPermission, dial(t, c.BrokerAddr("broker-0")).call(command.CodeSendMessageV2, send("T", 0), "x").Code)
}

// A body that is not what its flags say is shown as it was stored, and hides nothing behind it.
func TestStoredBadBody(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t)
	b := dial(t, c.BrokerAddr("broker-0"))
	require.Zero(t, b.call(command.CodeSendMessageV2, send("T", 0), "first").Code)
	h := send("T", 0)
	h.SysFlag = 1
	require.Zero(t, b.call(command.CodeSendMessageV2, h, "not compressed").Code)
	require.Zero(t, b.call(command.CodeSendMessageV2, send("T", 0), "last").Code)
	stored := c.Stored("T")
	require.Len(t, stored, 3)
	require.Equal(t, "not compressed", string(stored[1].Body))
	require.Equal(t, "last", string(stored[2].Body))
}

// failing is a test that notes its failures.
type failing struct {
	text    string
	cleanup []func()
}

func (f *failing) Helper()                           {}
func (f *failing) Fatalf(format string, args ...any) { f.text = fmt.Sprintf(format, args...) }
func (f *failing) Errorf(format string, args ...any) { f.text = fmt.Sprintf(format, args...) }
func (f *failing) Cleanup(g func())                  { f.cleanup = append(f.cleanup, g) }

func TestStartFails(t *testing.T) {
	t.Parallel()
	var f failing
	require.Nil(t, mqtest.Start(&f, mqtest.WithBrokers(-1)))
	require.Contains(t, f.text, "brokers: -1 is outside 1 to 64")
	require.Empty(t, f.cleanup)
}

package mqserver

import (
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func TestHooks(t *testing.T) {
	t.Parallel()
	clk := newFakeClock()
	c := startWithClock(t, clk, withTopic("T", 1))
	p := dialBroker(t, c)
	var seen *Command
	remove := c.OnCommand(command.CodeSendMessageV2, func(in *Command) *Reply {
		seen = in
		return &Reply{Code: command.FlowControl, Remark: "slow down", Fields: map[string]string{"a": "b"}, Body: []byte("body")}
	})
	cmd := p.call(command.CodeSendMessageV2, v2("T"), []byte("x"))
	require.Equal(t, command.FlowControl, cmd.Code)
	require.Equal(t, "slow down", cmd.Remark)
	require.Equal(t, map[string]string{"a": "b"}, cmd.FieldMap())
	require.Equal(t, "body", string(cmd.Body))
	require.Equal(t, "T", seen.Fields["b"])
	seen.Fields = nil
	require.Equal(t, &Command{
		Code: command.CodeSendMessageV2, Broker: "broker-0", Addr: c.BrokerAddr("broker-0", 0),
		From: p.nc.LocalAddr().String(), Body: []byte("x"),
	}, seen)

	var any int
	removeAny := c.OnCommand(AnyCode, func(in *Command) *Reply { any++; return nil })
	require.Equal(t, command.FlowControl, p.call(command.CodeSendMessageV2, v2("T"), []byte("x")).Code, "nil asks the next hook")
	require.Equal(t, 1, any)
	removeAny()
	remove()
	remove()
	p.send(v2("T"), "x")
	require.Equal(t, 1, any)

	remove = c.OnCommand(command.CodeSendMessageV2, func(*Command) *Reply { return &Reply{Drop: true} })
	p.write(command.CodeSendMessageV2, 0, v2("T"), []byte("x"))
	p.quiet()
	require.Equal(t, 1, c.StoredCount("T"))
	remove()

	remove = c.OnCommand(command.CodeSendMessageV2, func(*Command) *Reply { return &Reply{Delay: time.Minute, Pass: true} })
	opaque := p.write(command.CodeSendMessageV2, 0, v2("T"), []byte("x"))
	p.quiet()
	require.Equal(t, 1, c.StoredCount("T"))
	clk.move(time.Minute)
	require.Equal(t, codeSuccess, p.answerTo(opaque).Code)
	require.Equal(t, 2, c.StoredCount("T"))
	remove()

	remove = c.OnCommand(command.CodeSendMessageV2, func(*Command) *Reply { return &Reply{Delay: time.Minute, Code: command.GoAway} })
	opaque = p.write(command.CodeSendMessageV2, 0, v2("T"), []byte("x"))
	p.quiet()
	clk.move(time.Minute)
	require.Equal(t, command.GoAway, p.answerTo(opaque).Code)
	p.write(command.CodeSendMessageV2, wire.FlagOneWay, v2("T"), []byte("x"))
	p.quiet()
	clk.move(time.Minute)
	p.quiet()
	remove()
}

func TestHookRawAndClose(t *testing.T) {
	t.Parallel()
	c := start(t)
	n := dial(t, c.NameServers()[0])
	remove := c.OnCommand(command.CodeGetRouteInfoByTopic, func(in *Command) *Reply {
		require.Empty(t, in.Broker)
		return &Reply{Raw: []byte{0xFF, 0xFF, 0xFF, 0xFF}}
	})
	n.write(command.CodeGetRouteInfoByTopic, 0, nil, nil)
	raw := make([]byte, 4)
	_, err := io.ReadFull(n.nc, raw)
	require.NoError(t, err)
	require.Equal(t, []byte{0xFF, 0xFF, 0xFF, 0xFF}, raw)
	remove()
	c.OnCommand(command.CodeGetRouteInfoByTopic, func(*Command) *Reply { return &Reply{Close: true} })
	n.write(command.CodeGetRouteInfoByTopic, 0, nil, nil)
	_, err = n.next()
	require.Error(t, err)
}

// What a hook put off must not happen on a broker that has been stopped meanwhile.
func TestDelayedRequestOfAStoppedBroker(t *testing.T) {
	t.Parallel()
	clk := newFakeClock()
	c := startWithClock(t, clk, withTopic("T", 1))
	seen := make(chan struct{})
	c.OnCommand(command.CodeSendMessageV2, func(*Command) *Reply {
		close(seen)
		return &Reply{Delay: time.Minute, Pass: true}
	})
	dialBroker(t, c).write(command.CodeSendMessageV2, 0, v2("T"), []byte("x"))
	<-seen
	require.NoError(t, c.StopBroker("broker-0", 0, false))
	clk.move(time.Minute)
	require.Eventually(t, func() bool {
		c.sched.mu.Lock()
		defer c.sched.mu.Unlock()
		return len(c.sched.events) == 1 // the scan for silent members
	}, waitFor, time.Millisecond)
	require.Zero(t, c.StoredCount("T"))
}

func TestRequestCounts(t *testing.T) {
	t.Parallel()
	c := start(t)
	p := dialBroker(t, c)
	for range 3 {
		p.send(v2("T"), "x")
	}
	p.call(command.CodePopMessage, nil, nil)
	dial(t, c.NameServers()[0]).route("T")
	require.Equal(t, 3, c.Requests(command.CodeSendMessageV2))
	require.Equal(t, 1, c.Requests(command.CodePopMessage))
	require.Equal(t, 1, c.Requests(command.CodeGetRouteInfoByTopic))
	require.Zero(t, c.Requests(-5))
	require.Equal(t, 5, c.Requests(AnyCode))
}

func TestCloseConnections(t *testing.T) {
	t.Parallel()
	c := start(t)
	p, n := dialBroker(t, c), dial(t, c.NameServers()[0])
	p.send(v2("T"), "x")
	n.route("T")
	require.Equal(t, 2, c.Connections())
	c.CloseConnections()
	_, err := p.next()
	require.Error(t, err)
	_, err = n.next()
	require.Error(t, err)
	require.Eventually(t, func() bool { return c.Connections() == 0 }, waitFor, time.Millisecond)
	dialBroker(t, c).send(v2("T"), "y")
}

package mqserver

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
)

func TestRestartKeepsTheStore(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 1))
	addr := c.BrokerAddr("broker-0", 0)
	p := dialBroker(t, c)
	p.send(v2("T"), "x")
	p.subscribe(command.ModelClustering)
	h := pullOf("T")
	h.SysFlag, h.CommitOffset = h.SysFlag|command.PullCommitOffset, 1
	p.pull(h)

	require.NoError(t, c.StopBroker("broker-0", 0, false))
	require.NoError(t, c.StopBroker("broker-0", 0, false), "stopping twice is fine")
	_, err := p.next()
	for err == nil { // the notice of its joining
		_, err = p.next()
	}
	require.Error(t, err, "connections are closed")
	_, err = net.DialTimeout("tcp", addr, time.Second)
	require.Error(t, err)
	require.Nil(t, c.Consumers("CG", "broker-0"))

	require.NoError(t, c.StartBroker("broker-0", 0))
	require.NoError(t, c.StartBroker("broker-0", 0), "starting twice is fine")
	require.Equal(t, addr, c.BrokerAddr("broker-0", 0))
	p = dialBroker(t, c)
	require.Len(t, p.pullMessages("T", 0), 1)
	require.EqualValues(t, 1, c.CommittedOffset("CG", "T", "broker-0", 0))
	require.EqualValues(t, 1, p.send(v2("T"), "y").QueueOffset)
}

func TestRestartNameServer(t *testing.T) {
	t.Parallel()
	c := start(t, func(c *Config) { c.NameServers = 2 })
	require.NoError(t, c.StopNameServer(1))
	_, err := net.DialTimeout("tcp", c.NameServers()[1], time.Second)
	require.Error(t, err)
	routeOf(t, dial(t, c.NameServers()[0]).route(defaultTopic))
	require.NoError(t, c.StartNameServer(1))
	routeOf(t, dial(t, c.NameServers()[1]).route(defaultTopic))
	require.Error(t, c.StopNameServer(2))
	require.Error(t, c.StartNameServer(-1))
}

// Somebody's outgoing connection may have been given the port of a stopped server.
func TestRestartWaitsForItsPort(t *testing.T) {
	t.Parallel()
	c := start(t)
	require.NoError(t, c.StopBroker("broker-0", 0, false))
	ln, err := net.Listen("tcp", c.BrokerAddr("broker-0", 0))
	require.NoError(t, err)
	started := make(chan error, 1)
	go func() { started <- c.StartBroker("broker-0", 0) }()
	select {
	case err := <-started:
		require.Fail(t, "started on a port in use", "%v", err)
	case <-time.After(3 * relistenPause): // long enough to have tried more than once
	}
	require.NoError(t, ln.Close())
	require.NoError(t, <-started)
	dialBroker(t, c).send(v2("T"), "x")
}

func TestUnknownBroker(t *testing.T) {
	t.Parallel()
	c := start(t)
	require.ErrorContains(t, c.StopBroker("broker-7", 0, false), `there is no broker "broker-7"`)
	require.ErrorContains(t, c.StartBroker("broker-0", 1), "has no id 1")
	require.Empty(t, c.BrokerAddr("broker-7", 0))
	require.Nil(t, c.Consumers("CG", "broker-7"))
	require.EqualValues(t, -1, c.CommittedOffset("CG", "T", "broker-7", 0))
}

// A slave serves what its master has; it takes no messages, and sends readers back to the master while there is one.
func TestSlave(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 1), func(c *Config) { c.Slaves = 1 })
	master, slave := dialBroker(t, c), dial(t, c.BrokerAddr("broker-0", 1))
	cmd := slave.call(command.CodeSendMessageV2, v2("T"), []byte("x"))
	require.Equal(t, command.SystemBusy, cmd.Code)
	require.Equal(t, "[REJECTREQUEST]system busy, start flow control for a while", cmd.Remark)
	master.send(v2("T"), "x")

	cmd, head, msgs := slave.pull(pullOf("T"))
	require.Equal(t, command.Success, cmd.Code)
	require.Len(t, msgs, 1)
	require.Zero(t, head.SuggestWhichBrokerID)
	h := holdingPull("T", time.Hour)
	h.QueueOffset = 1
	cmd, _, _ = slave.pull(h)
	require.Equal(t, command.PullRetryImmediately, cmd.Code, "nothing is held while the master is there")
	h.QueueOffset = 7
	cmd, head, _ = slave.pull(h)
	require.Equal(t, command.PullRetryImmediately, cmd.Code)
	require.EqualValues(t, 7, head.NextBeginOffset, "a slave corrects nobody")

	require.NoError(t, c.StopBroker("broker-0", 0, false))
	h.QueueOffset = 1
	opaque := slave.hold(c, h)
	require.Equal(t, command.SystemBusy, slave.call(command.CodeSendMessageV2, v2("T"), []byte("x")).Code)
	require.NoError(t, c.StartBroker("broker-0", 0))
	dialBroker(t, c).send(v2("T"), "y")
	_, _, msgs = pulled(t, slave.answerTo(opaque))
	require.Len(t, msgs, 1)
}

func TestCloseTwice(t *testing.T) {
	t.Parallel()
	c, err := New(Config{})
	require.NoError(t, err)
	p := dialBroker(t, c)
	p.send(v2("T", "DELAY", "18"), "x")
	p.write(command.CodePullMessage, 0, holdingPull("T", time.Hour), nil)
	require.NoError(t, c.Close())
	require.NoError(t, c.Close())
	require.ErrorIs(t, c.StartBroker("broker-0", 0), errClosed)
	require.Zero(t, c.Connections())
}

func TestConfigErrors(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]Config{
		"name servers: 17 is outside 1 to 16": {NameServers: 17},
		"brokers: -1 is outside":              {Brokers: -1},
		"slaves: 9 is outside":                {Slaves: 9},
		"queues: -2 is outside":               {Queues: -2},
		"max memory: 1 is outside":            {MaxMemory: 1},
		"max message size: -1 is outside":     {MaxMessageSize: -1},
		"stale routes: -1 is outside":         {StaleRoutes: -1},
		`cluster name "a b"`:                  {ClusterName: "a b"},
		`"soon" is not a positive duration`:   {DelayLevels: "soon"},
		`address "nonsense"`:                  {Addr: "nonsense"},
		"must be one that they can dial":      {Addr: "0.0.0.0:1"},
		`topic "a b"`:                         {Topics: []Topic{{"a b", 1}}},
		`topic "T": 0 queues`:                 {Topics: []Topic{{"T", 0}}},
		"an account needs":                    {Accounts: []Account{{AccessKey: "a"}}},
	} {
		_, err := New(cfg)
		require.ErrorContains(t, err, name)
	}
}

func TestLocalhost(t *testing.T) {
	t.Parallel()
	c := start(t, func(c *Config) { c.Addr = "localhost:0" })
	routeOf(t, dial(t, c.NameServers()[0]).route(defaultTopic))
}

func TestAddressInUse(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, ln.Close()) }()
	_, err = New(Config{Addr: ln.Addr().String()})
	require.ErrorContains(t, err, "mqserver: listen on "+ln.Addr().String())
}

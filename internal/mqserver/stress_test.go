package mqserver

import (
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// Producers and consumers come and go, brokers stop and start, topics are deleted: nothing deadlocks, and what was
// acknowledged is there.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 4), withTopic("Gone", 1), func(c *Config) { c.Brokers, c.Slaves = 2, 1 })
	var acknowledged atomic.Int64
	var wg sync.WaitGroup
	stop := make(chan struct{})
	running := func() bool {
		select {
		case <-stop:
			return false
		default:
			return true
		}
	}
	worker := func(broker string, id int64, f func(p *quietPeer) error) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for running() {
				p, err := dialQuiet(c.BrokerAddr(broker, id))
				if err != nil {
					continue // stopped right now
				}
				for err == nil && running() {
					err = f(p)
				}
				p.close()
			}
		}()
	}
	for i, broker := range c.Brokers() {
		worker(broker, 0, func(p *quietPeer) error {
			h := v2("T", "TAGS", "A")
			h.QueueID = int32(i)
			cmd, err := p.call(command.CodeSendMessageV2, h, []byte("x"))
			if err == nil && cmd.Code == codeSuccess {
				acknowledged.Inc()
			}
			return err
		})
		worker(broker, 0, func(p *quietPeer) error {
			_, err := p.call(command.CodeSendMessageV2, v2("Gone", "DELAY", "1"), []byte("x"))
			return err
		})
		for id := range int64(2) {
			next := int64(0)
			worker(broker, id, func(p *quietPeer) error {
				h := holdingPull("T", 20*time.Millisecond)
				h.QueueID, h.QueueOffset = int32(i), next
				cmd, err := p.call(command.CodePullMessage, h, nil)
				if err == nil {
					at, _ := cmd.Field("nextBeginOffset")
					next, _ = strconv.ParseInt(at, 10, 64)
				}
				return err
			})
		}
		worker(broker, 0, func(p *quietPeer) error {
			data := command.HeartbeatData{ClientID: "c", ConsumerDataSet: []command.ConsumerData{{
				GroupName: "CG", MessageModel: command.ModelClustering, SubscriptionDataSet: []command.SubscriptionData{sub("T", "*", 1)},
			}}}
			body, err := data.Encode()
			if err == nil {
				_, err = p.call(command.CodeHeartBeat, nil, body)
			}
			if err == nil {
				_, err = p.call(command.CodeUnregisterClient, &command.UnregisterClientRequest{ClientID: "c", ConsumerGroup: "CG"}, nil)
			}
			return err
		})
	}
	for i := range 10 {
		broker := c.Brokers()[i%2]
		at := acknowledged.Load()
		require.Eventually(t, func() bool { return acknowledged.Load() > at+20 }, 20*time.Second, time.Millisecond)
		require.NoError(t, c.StopBroker(broker, int64(i/2%2), i%3 == 0))
		require.NoError(t, c.DeleteTopic("Gone"))
		c.CloseConnections()
		require.NoError(t, c.StartBroker(broker, int64(i/2%2)))
		require.NoError(t, c.CreateTopic("Gone", 1))
	}
	close(stop)
	wg.Wait()
	require.GreaterOrEqual(t, int64(c.StoredCount("T")), acknowledged.Load())
	require.Eventually(t, func() bool { return c.Connections() == 0 && c.held() == 0 }, waitFor, time.Millisecond)
}

// quietPeer is a peer whose failures are its caller's business.
type quietPeer struct {
	nc     net.Conn
	r      *wire.Reader
	opaque int32
}

func dialQuiet(addr string) (*quietPeer, error) {
	nc, err := net.DialTimeout("tcp", addr, waitFor)
	if err != nil {
		return nil, err
	}
	return &quietPeer{nc: nc, r: wire.NewReader(nc, 0)}, nil
}

func (q *quietPeer) close() { _ = q.nc.Close() }

func (q *quietPeer) call(code int32, h wire.FieldAppender, body []byte) (*wire.Command, error) {
	q.opaque++
	b, err := wire.AppendFrame(nil, wire.JSON, &wire.Head{Code: code, Version: wire.Version, Opaque: q.opaque}, h, nil, body)
	if err != nil {
		return nil, err
	}
	if _, err := q.nc.Write(b); err != nil {
		return nil, err
	}
	for {
		if err := q.nc.SetReadDeadline(time.Now().Add(waitFor)); err != nil {
			return nil, err
		}
		frame, err := q.r.Next()
		if err != nil {
			return nil, err
		}
		cmd, err := wire.Decode(frame)
		if err != nil {
			return nil, err
		}
		if cmd.IsResponse() && cmd.Opaque == q.opaque {
			return cmd, nil
		}
	}
}

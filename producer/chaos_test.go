package producer

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// While brokers lose their connections, stop and come back, every accepted message
// gets exactly one callback with exactly one of result and error, and what is
// reported as stored is stored.
func TestEachCallbackComesOnceWhateverHappens(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("orders", 4))
	p := unstarted(t, c, WithAsyncLimit(200, 1<<20), WithSendMsgTimeout(2*time.Second))
	require.NoError(t, p.Start())

	stop := make(chan struct{})
	var senders, trouble sync.WaitGroup
	var accepted, called, wrong atomic.Int64
	var mu sync.Mutex
	calls, stored := map[string]int{}, map[string]bool{}
	for g := range 6 {
		senders.Add(1)
		go func() {
			defer senders.Done()
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				body := strconv.Itoa(g) + "-" + strconv.Itoa(i)
				ctx, cancel := context.WithCancel(context.Background())
				if i%50 == 0 {
					time.AfterFunc(time.Millisecond, cancel)
				}
				err := p.SendAsync(ctx, func(_ context.Context, r *primitive.SendResult, err error) {
					defer cancel()
					called.Inc()
					if (r == nil) == (err == nil) {
						wrong.Inc()
					}
					mu.Lock()
					calls[body]++
					stored[body] = err == nil
					mu.Unlock()
				}, message("orders", body))
				if err != nil {
					cancel()
					continue
				}
				accepted.Inc()
			}
		}()
	}
	trouble.Add(1)
	go func() {
		defer trouble.Done()
		for i := range 12 {
			switch i % 3 {
			case 0:
				c.CloseConnections()
			case 1:
				_ = c.KillBroker(c.Brokers()[i%2])
			case 2:
				_ = c.StartBroker(c.Brokers()[(i-1)%2])
			}
			time.Sleep(40 * time.Millisecond) // the load between two faults is what is tested
		}
		close(stop)
	}()
	trouble.Wait()
	senders.Wait()
	require.NoError(t, p.Shutdown())

	require.Equal(t, accepted.Load(), called.Load())
	require.Zero(t, wrong.Load())
	require.Greater(t, accepted.Load(), int64(100))
	inTopic := map[string]bool{}
	for _, m := range c.Stored("orders") {
		inTopic[string(m.Body)] = true
	}
	for body, n := range calls {
		require.Equal(t, 1, n, body)
		if stored[body] {
			require.True(t, inTopic[body], "%s was reported as stored", body)
		}
	}
}

func TestShutdownUnderLoad(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	for range 5 {
		p := unstarted(t, c)
		require.NoError(t, p.Start())
		var wg sync.WaitGroup
		var accepted, called atomic.Int64
		for i := range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for {
					var err error
					switch i % 3 {
					case 0:
						_, err = p.SendSync(context.Background(), message("orders", "x"))
					case 1:
						err = p.SendOneWay(context.Background(), message("orders", "x"))
					case 2:
						if err = p.SendAsync(context.Background(), func(context.Context, *primitive.SendResult, error) { called.Inc() }, message("orders", "x")); err == nil {
							accepted.Inc()
						}
					}
					if err != nil {
						return // the producer is shut down
					}
				}
			}()
		}
		require.Eventually(t, func() bool { return called.Load() > 20 }, waitFor, tick)
		require.NoError(t, p.Shutdown())
		wg.Wait()
		require.Equal(t, accepted.Load(), called.Load(), "all callbacks came before Shutdown returned")
	}
}

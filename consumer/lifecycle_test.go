package consumer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"
	"go.uber.org/goleak"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/instance"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// TestV17_CyclesLeaveNothingBehind: 200 times New, Start, consume one message, Shutdown.
func TestV17_CyclesLeaveNothingBehind(t *testing.T) {
	// Not parallel: it counts the goroutines of the process.
	c := mqtest.Start(t, mqtest.WithTopic("topic", 2))
	s := newSender(t, c)
	s.to(c.Brokers()[0], 0, numbered("topic", 0)) // the sender's connection stays
	before := goleak.IgnoreCurrent()
	connections := c.Connections()
	errs := make(chan error)
	for group := range 8 {
		go func() {
			for i := range 25 {
				if err := oneCycle(c, s, fmt.Sprintf("group-%d", group), i); err != nil {
					errs <- fmt.Errorf("cycle %d of group %d: %w", i, group, err)
					return
				}
			}
			errs <- nil
		}()
	}
	for range 8 {
		require.NoError(t, <-errs)
	}
	goleak.VerifyNone(t, before)
	eventually(t, func() bool { return c.Connections() <= connections }, "%d connections are left", c.Connections()-connections)
}

func oneCycle(c *mqtest.Cluster, s *sender, group string, i int) error {
	got := make(chan struct{}, 1000)
	p, err := NewPushConsumer(WithNameServer(c.NameServers()), WithGroupName(group), WithLogger(rlog.Discard()),
		WithConsumeFromWhere(ConsumeFromFirstOffset), WithConsumeGoroutineNums(4))
	if err != nil {
		return err
	}
	err = p.Subscribe("topic", MessageSelector{}, func(context.Context, ...*primitive.MessageExt) (ConsumeResult, error) {
		got <- struct{}{}
		return ConsumeSuccess, nil
	})
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	if err := s.try(c.Brokers()[0], i%2, numbered("topic", i+1), 0); err != nil {
		return err
	}
	select {
	case <-got:
	case <-time.After(waitFor):
		return errors.New("no message")
	}
	return p.Shutdown()
}

// A start that fails leaves nothing behind either, and may be tried again.
func TestFailingStartsLeaveNothingBehind(t *testing.T) {
	c := mqtest.Start(t, mqtest.WithTopic("topic", 2), mqtest.WithACL("right", "secret"))
	before := goleak.IgnoreCurrent()
	for range 50 {
		p := unstarted(t, c, WithCredentials(primitive.Credentials{AccessKey: "right", SecretKey: "wrong"}))
		require.NoError(t, p.Subscribe("topic", MessageSelector{}, newDeliveries().handler))
		require.Error(t, p.Start())
	}
	goleak.VerifyNone(t, before)
	eventually(t, func() bool { return c.Connections() == 0 }, "no connection is left")

	p := unstarted(t, c, WithCredentials(primitive.Credentials{AccessKey: "right", SecretKey: "secret"}))
	require.NoError(t, p.Subscribe("topic", MessageSelector{}, newDeliveries().handler))
	refuse := c.OnCommand(codeHeartbeat, func(*mqtest.Command) *mqtest.Reply {
		return &mqtest.Reply{Code: command.NoPermission, Remark: "not today"}
	})
	require.Error(t, p.Start())
	refuse()
	require.NoError(t, p.Start(), "it may be tried again")
	require.ErrorIs(t, p.Start(), rmqerrors.ErrAlreadyStarted)
	require.NoError(t, p.Shutdown())
}

// The ledger: 2 + N goroutines, however many queues are held.
func TestGoroutineLedger(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("few", 4), mqtest.WithTopic("many", 1000))
	for _, topic := range []string{"few", "many"} {
		p := start(t, c, topic, newDeliveries().handler, WithConsumeGoroutineNums(5), WithGroupName("group-"+topic))
		want := map[string]int{"few": 4, "many": 1000}[topic]
		eventually(t, func() bool { return len(owned(p, topic)) == want }, "all queues are held")
		require.Equal(t, []string{"pull", "rebalance", "work", "work", "work", "work", "work"}, p.session.Load().life.Running(), topic)
	}
}

// TestV11_ShutdownRacesWithPulls: nothing panics, whatever happens at the same time.
func TestV11_ShutdownRacesWithPulls(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("topic", 4))
	s := newSender(t, c)
	stop := make(chan struct{})
	var sending sync.WaitGroup
	sending.Add(1)
	go func() {
		defer sending.Done()
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				_ = s.try(c.Brokers()[i%2], i%4, numbered("topic", i), 0)
			}
		}
	}()
	for i := range 24 {
		p := unstarted(t, c, WithConsumeGoroutineNums(3), WithHandoverGrace(-1))
		var consumed atomic.Bool
		require.NoError(t, p.Subscribe("topic", MessageSelector{}, func(context.Context, ...*primitive.MessageExt) (ConsumeResult, error) {
			consumed.Store(true)
			if i%3 == 0 {
				return ConsumeRetryLater, nil
			}
			return ConsumeSuccess, nil
		}))
		require.NoError(t, p.Start())
		if i%4 != 0 {
			eventually(t, consumed.Load, "pulls are under way")
		}
		var others sync.WaitGroup
		for _, f := range []func(){
			p.Suspend, p.Resume, p.Rebalance, func() { p.GetOffsetDiffMap() }, func() { _ = p.PersistConsumerOffset() },
			func() { _ = p.Subscribe("other", MessageSelector{}, newDeliveries().handler) }, func() { _ = p.Unsubscribe("topic") },
		} {
			others.Add(1)
			go func() { defer others.Done(); f() }()
		}
		if i%2 == 0 {
			c.CloseConnections()
		}
		require.NoError(t, p.Shutdown())
		others.Wait()
	}
	close(stop)
	sending.Wait()
}

// A graceful stop: handlers that run finish, none is called afterwards, and the next process repeats nothing.
func TestShutdownDrains(t *testing.T) {
	t.Parallel()
	const total = 2000
	c := mqtest.Start(t, mqtest.WithTopic("topic", 4))
	newSender(t, c).many("topic", 4, 0, total)
	got := newDeliveries()
	var running, after atomic.Int32
	var stopped atomic.Bool
	for got.distinct() < total {
		stopped.Store(false)
		p := unstarted(t, c)
		require.NoError(t, p.Subscribe("topic", MessageSelector{}, func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
			if stopped.Load() {
				after.Inc()
			}
			running.Inc()
			defer running.Dec()
			time.Sleep(5 * time.Millisecond) // long enough to be running when the consumer stops
			return got.handler(ctx, msgs...)
		}))
		begin := got.all()
		require.NoError(t, p.Start())
		eventually(t, func() bool { return got.all() >= min(begin+300, total) }, "some are consumed")
		require.NoError(t, p.Shutdown())
		stopped.Store(true)
		require.Zero(t, running.Load(), "handlers have finished")
	}
	require.Equal(t, total, got.all(), "nothing is repeated")
	require.Zero(t, after.Load())
}

// A shutdown whose context ends cancels the handlers' context, keeps its deadline, and commits what is done.
func TestShutdownKeepsItsDeadline(t *testing.T) {
	t.Parallel()
	for _, obedient := range []bool{true, false} {
		t.Run(fmt.Sprint("obedient=", obedient), func(t *testing.T) {
			t.Parallel()
			c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
			newSender(t, c).many("topic", 1, 0, 10)
			release := make(chan struct{})
			entered := make(chan struct{})
			got := newDeliveries()
			p := unstarted(t, c)
			require.NoError(t, p.Subscribe("topic", MessageSelector{}, func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
				if msgs[0].QueueOffset != 4 {
					return got.handler(ctx, msgs...)
				}
				close(entered)
				if obedient {
					<-ctx.Done()
					return ConsumeRetryLater, ctx.Err()
				}
				<-release
				return ConsumeSuccess, nil
			}))
			require.NoError(t, p.Start())
			<-entered
			eventually(t, func() bool { return got.all() == 9 }, "the others are done")
			ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
			defer cancel()
			began := time.Now()
			err := p.ShutdownContext(ctx)
			took := time.Since(began)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.GreaterOrEqual(t, took, 300*time.Millisecond, "most of the time is given to the handlers, the rest to the last commits")
			require.Less(t, took, 3*time.Second, "the consumer's own bound is far behind")
			if !obedient {
				require.ErrorContains(t, err, "work", "the error names what still runs")
				require.EqualValues(t, 4, c.CommittedOffset("group", "topic", c.Brokers()[0], 0))
			} else { // it failed and was sent back, so it is done, unless the time was too short for that
				require.Contains(t, []int64{4, 10}, c.CommittedOffset("group", "topic", c.Brokers()[0], 0))
			}
			require.Equal(t, err, p.ShutdownContext(context.Background()), "later calls return the same")
			require.Empty(t, c.Consumers("group", c.Brokers()[0]), "the brokers know that it has left")
			close(release)
		})
	}
}

func TestShutdownWithADeadContextStillCommitsAndLeaves(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	newSender(t, c).many("topic", 1, 0, 10)
	got := newDeliveries()
	p := unstarted(t, c)
	require.NoError(t, p.Subscribe("topic", MessageSelector{}, got.handler))
	require.NoError(t, p.Start())
	eventually(t, func() bool { return got.all() == 10 }, "consumed")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := p.ShutdownContext(ctx)
	require.True(t, err == nil || errors.Is(err, context.Canceled), "%v", err)
	require.EqualValues(t, 10, c.CommittedOffset("group", "topic", c.Brokers()[0], 0))
	require.Empty(t, c.Consumers("group", c.Brokers()[0]))
}

func TestStartFailsFastOnWhatCannotWork(t *testing.T) {
	t.Parallel()
	t.Run("refused credentials", func(t *testing.T) {
		t.Parallel()
		c := mqtest.Start(t, mqtest.WithTopic("topic", 1), mqtest.WithACL("key", "secret"))
		p := unstarted(t, c, WithCredentials(primitive.Credentials{AccessKey: "key", SecretKey: "wrong"}))
		require.NoError(t, p.Subscribe("topic", MessageSelector{}, newDeliveries().handler))
		began := time.Now()
		err := p.Start()
		require.Less(t, time.Since(began), 2*time.Second)
		var refused *primitive.BrokerError
		require.True(t, errors.As(err, &refused), "%v", err)
		require.NotEmpty(t, refused.Remark)
		require.NotZero(t, refused.Code)
		require.ErrorContains(t, err, "group")
		require.NoError(t, p.Shutdown())
	})
	t.Run("no name server there", func(t *testing.T) {
		t.Parallel()
		p, err := NewPushConsumer(WithGroupName("group"), WithNameServer([]string{"127.0.0.1:1"}), WithLogger(rlog.Discard()))
		require.NoError(t, err)
		require.NoError(t, p.Subscribe("topic", MessageSelector{}, newDeliveries().handler))
		began := time.Now()
		err = p.Start()
		require.Error(t, err)
		require.Less(t, time.Since(began), 5*time.Second)
		require.True(t, strings.Contains(err.Error(), "127.0.0.1:1"), "%v", err)
	})
	t.Run("no name server named", func(t *testing.T) {
		_, err := NewPushConsumer(WithGroupName("group"))
		require.Error(t, err)
	})
	t.Run("group twice in one client", func(t *testing.T) {
		t.Parallel()
		c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
		client, err := instance.New(instance.Config{NameServers: c.NameServers(), Logger: rlog.Discard()})
		require.NoError(t, err)
		one, err := NewPushConsumer(WithGroupName("group"), WithClient(client))
		require.NoError(t, err)
		two, err := NewPushConsumer(WithGroupName("group"), WithClient(client))
		require.NoError(t, err)
		require.NoError(t, one.Start())
		require.ErrorIs(t, two.Start(), rmqerrors.ErrCreated)
		require.NoError(t, one.Shutdown())
		require.NoError(t, two.Start(), "the group is free again")
		require.NoError(t, two.Shutdown())
	})
	t.Run("offset file cannot be written", func(t *testing.T) {
		t.Parallel()
		c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
		file := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(file, nil, 0o600))
		p := unstarted(t, c, WithConsumerModel(BroadCasting), WithOffsetStoreDir(file))
		require.Error(t, p.Start())
	})
}

// Two consumers that share a client: one stops, the other is not disturbed.
func TestSharedClientSurvivesTheShutdownOfOneUser(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 4))
	client, err := instance.New(instance.Config{NameServers: c.NameServers(), Logger: rlog.Discard()})
	require.NoError(t, err)
	consumers := map[string]*PushConsumer{}
	got := map[string]*deliveries{}
	for _, g := range []string{"one", "two"} {
		p, err := NewPushConsumer(WithGroupName(g), WithClient(client), WithConsumeFromWhere(ConsumeFromFirstOffset))
		require.NoError(t, err)
		got[g] = newDeliveries()
		require.NoError(t, p.Subscribe("topic", MessageSelector{}, got[g].handler))
		require.NoError(t, p.Start())
		consumers[g] = p
	}
	s := newSender(t, c)
	s.many("topic", 4, 0, 100)
	eventually(t, func() bool { return got["one"].distinct() == 100 && got["two"].distinct() == 100 }, "both get all")
	require.NoError(t, consumers["one"].Shutdown())
	s.many("topic", 4, 100, 100)
	eventually(t, func() bool { return got["two"].distinct() == 200 }, "the other goes on")
	require.Equal(t, 100, got["one"].all())
	require.NoError(t, consumers["two"].Shutdown())
	eventually(t, func() bool { return c.Connections() == 1 }, "only the sender is left")
}

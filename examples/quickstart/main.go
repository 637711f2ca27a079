// Quickstart sends ten messages and consumes them, and says what happened.
//
//	go run ./examples/quickstart                              # with a broker inside this process
//	go run ./examples/quickstart -nameserver 127.0.0.1:9876   # with a real one
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq"
	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
)

const (
	topic    = "quickstart" // messages are published to a topic; it is split into queues, which live on brokers
	messages = 10
	patience = 25 * time.Second // for sending and receiving
	limit    = 30 * time.Second // for everything, shutting down included
)

func main() {
	nameServer := flag.String("nameserver", "", "`host:port` of a RocketMQ name server; without it a broker runs inside this process")
	flag.Parse()

	time.AfterFunc(limit, func() {
		fmt.Fprintf(os.Stderr, "\nquickstart failed: it did not end within %s\n", limit)
		os.Exit(1)
	})
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := run(ctx, *nameServer); err != nil {
		fmt.Fprintf(os.Stderr, "\nquickstart failed: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, nameServer string) error {
	// Name servers know which broker has which queues. They are the only address a client needs.
	servers := primitive.NamesrvAddr{nameServer}
	if nameServer == "" {
		cluster, err := mqtest.NewCluster()
		if err != nil {
			return fmt.Errorf("start the embedded broker: %w", err)
		}
		defer cluster.Close()
		servers = cluster.NameServers()
		fmt.Printf("broker    inside this process, name server %s\n", servers)
		fmt.Println("          (-nameserver host:port uses a real RocketMQ)")
	} else {
		fmt.Printf("broker    the cluster of name server %s\n", servers)
	}

	// The producer publishes. Its first message creates the topic, where brokers allow that.
	began := time.Now()
	p, err := rocketmq.NewProducer(
		producer.WithNameServer(servers),
		producer.WithGroupName("quickstart-producer"),
	)
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	defer p.Shutdown()
	if _, err := p.SendSync(ctx, primitive.NewMessage(topic, []byte("hello"))); err != nil {
		return fmt.Errorf("%w\nIs the name server's address right, and is a broker registered there?", err)
	}
	fmt.Printf("producer  started, and its first message was stored after %s\n", ms(time.Since(began)))

	// Consumers form groups; the members of a group share the queues. A handler that returns
	// ConsumeSuccess is done with its messages, otherwise they come again later.
	seen := newLedger()
	began = time.Now()
	c, err := rocketmq.NewPushConsumer(
		consumer.WithNameServer(servers),
		consumer.WithGroupName("quickstart-consumer"),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset),
	)
	if err != nil {
		return err
	}
	err = c.Subscribe(topic, consumer.MessageSelector{}, func(_ context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
		for _, m := range msgs {
			seen.received(m)
		}
		return consumer.ConsumeSuccess, nil
	})
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	defer c.Shutdown()
	fmt.Printf("consumer  started after %s\n\n", ms(time.Since(began)))

	for i := range messages {
		m := primitive.NewMessage(topic, fmt.Appendf(nil, "message %d", i)).WithTag("demo").WithKeys([]string{strconv.Itoa(i)})
		seen.sending(m)
		began := time.Now()
		res, err := p.SendSync(ctx, m) // returns when the broker has stored the message
		if err != nil {
			return fmt.Errorf("send message %d: %w", i, err)
		}
		took := time.Since(began)
		seen.stored(took)
		fmt.Printf("sent      %d   stored after %-9s  on %s, queue %d, offset %d\n", i, ms(took), res.MessageQueue.BrokerName, res.MessageQueue.QueueId, res.QueueOffset)
	}
	fmt.Println()

	select {
	case <-seen.complete:
	case <-ctx.Done():
		return fmt.Errorf("only %d of %d messages were received within %s", seen.count(), messages, patience)
	}
	seen.report()
	return nil
}

// ledger keeps what became of the messages of this run. An older run may have left others in the topic.
type ledger struct {
	mu       sync.Mutex
	run      string
	sent     map[string]time.Time // by key
	order    []string             // keys, in the order of their arrival
	delay    map[string]time.Duration
	storing  []time.Duration
	twice    int
	complete chan struct{}
}

const runProperty = "quickstart-run"

func newLedger() *ledger {
	return &ledger{
		run:  strconv.FormatInt(time.Now().UnixNano(), 36),
		sent: make(map[string]time.Time), delay: make(map[string]time.Duration), complete: make(chan struct{}),
	}
}

func (l *ledger) sending(m *primitive.Message) {
	m.WithProperty(runProperty, l.run)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent[m.GetKeys()] = time.Now()
}

func (l *ledger) stored(took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.storing = append(l.storing, took)
}

func (l *ledger) received(m *primitive.MessageExt) {
	if m.GetProperty(runProperty) != l.run {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	key := m.GetKeys()
	if _, again := l.delay[key]; again {
		l.twice++ // delivery is at least once
		return
	}
	l.delay[key] = time.Since(l.sent[key])
	l.order = append(l.order, key)
	if len(l.order) == messages {
		close(l.complete)
	}
}

func (l *ledger) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.order)
}

func (l *ledger) report() {
	l.mu.Lock()
	defer l.mu.Unlock()
	delays := make([]time.Duration, 0, messages)
	for _, key := range l.order {
		fmt.Printf("received  %s   %s after it was sent\n", key, ms(l.delay[key]))
		delays = append(delays, l.delay[key])
	}
	fmt.Printf("\n%d messages sent, %d received, %d of them twice\n", messages, len(l.order), l.twice)
	fmt.Printf("until stored     median %s, slowest %s\n", ms(median(l.storing)), ms(slices.Max(l.storing)))
	fmt.Printf("until received   median %s, slowest %s\n", ms(median(delays)), ms(slices.Max(delays)))
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}

// ms prints a duration in milliseconds.
func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }

package producer_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"
	"sync"
	"time"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
)

// The examples run against a broker of package mqtest, which needs no installation.
func broker(opts ...mqtest.Option) *mqtest.Cluster {
	cluster, err := mqtest.NewCluster(append([]mqtest.Option{mqtest.WithTopic("orders", 4)}, opts...)...)
	if err != nil {
		log.Fatal(err)
	}
	return cluster
}

func ExampleNewDefaultProducer() {
	cluster := broker()
	defer cluster.Close()

	p, err := producer.NewDefaultProducer(
		producer.WithNameServer(cluster.NameServers()),
		producer.WithGroupName("orders-producer"),
		producer.WithRetry(3),
	)
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Start(); err != nil {
		log.Fatal(err)
	}
	defer p.Shutdown()

	msg := primitive.NewMessage("orders", []byte("order 4711 is paid")).
		WithTag("paid").
		WithKeys([]string{"4711"})
	res, err := p.SendSync(context.Background(), msg)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Status, "in topic", res.MessageQueue.Topic)
	// Output: SEND_OK in topic orders
}

// Two options are wrong, and both are reported.
func ExampleNewDefaultProducer_wrongOptions() {
	_, err := producer.NewDefaultProducer(
		producer.WithNameServer(primitive.NamesrvAddr{"127.0.0.1:9876"}),
		producer.WithRetry(-1),
		producer.WithSendMsgTimeout(0),
	)
	fmt.Println(err)
	// Output:
	// producer.WithSendMsgTimeout(0s): illegal option: must be more than 0; the default is 3s
	// producer.WithRetry(-1): illegal option: must be 0 (no retry) to 1000
}

// The outcome of a failed send says whether the message may be stored.
func ExampleWithSendMsgTimeout() {
	cluster := broker()
	defer cluster.Close()
	cluster.OnCommand(310, func(*mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Drop: true} }) // no answer

	p := start(cluster, producer.WithSendMsgTimeout(100*time.Millisecond))
	defer p.Shutdown()

	_, err := p.SendSync(context.Background(), primitive.NewMessage("orders", []byte("x")))
	var failed *primitive.SendError
	if errors.As(err, &failed) {
		switch failed.Outcome {
		case primitive.OutcomeNotSent, primitive.OutcomeRejected:
			fmt.Println("not stored: safe to send again")
		case primitive.OutcomeUnknown:
			fmt.Println("perhaps stored: sending again may store it twice")
		}
	}
	fmt.Println("timed out:", errors.Is(err, rmqerrors.ErrRequestTimeout))
	// Output:
	// perhaps stored: sending again may store it twice
	// timed out: true
}

// Messages of one topic that are sent in one call become a batch: one request, one
// queue, in order.
func Example_batch() {
	cluster := broker()
	defer cluster.Close()
	p := start(cluster)
	defer p.Shutdown()

	res, err := p.SendSync(context.Background(),
		primitive.NewMessage("orders", []byte("first")),
		primitive.NewMessage("orders", []byte("second")),
		primitive.NewMessage("orders", []byte("third")),
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Status, len(strings.Split(res.MsgID, ",")), "ids")
	for _, m := range cluster.Stored("orders") {
		fmt.Println(string(m.Body))
	}
	// Output:
	// SEND_OK 3 ids
	// first
	// second
	// third
}

// Callbacks run on a few goroutines of the producer; Shutdown waits for them.
func ExampleWithAsyncLimit() {
	cluster := broker()
	defer cluster.Close()
	p := start(cluster, producer.WithAsyncLimit(100, 10<<20))

	var mu sync.Mutex
	stored := 0
	for i := range 500 { // waits now and then: at most 100 are under way
		err := p.SendAsync(context.Background(), func(_ context.Context, _ *primitive.SendResult, err error) {
			if err != nil {
				log.Print(err)
				return
			}
			mu.Lock()
			stored++
			mu.Unlock()
		}, primitive.NewMessage("orders", fmt.Appendf(nil, "order %d", i)))
		if err != nil {
			log.Fatal(err)
		}
	}
	if err := p.Shutdown(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(stored, "stored")
	// Output: 500 stored
}

// A sharding key is all that order needs: equal keys go to one queue, in any
// program and language.
func ExampleNewHashQueueSelector() {
	cluster := broker()
	defer cluster.Close()
	p := start(cluster)
	defer p.Shutdown()

	queues := map[int]bool{}
	for _, step := range []string{"created", "paid", "shipped"} {
		res, err := p.SendSync(context.Background(), primitive.NewMessage("orders", []byte(step)).WithShardingKey("order-4711"))
		if err != nil {
			log.Fatal(err)
		}
		queues[res.MessageQueue.QueueId] = true
	}
	fmt.Println(len(queues), "queue")
	// Output: 1 queue
}

// One call chooses its own queue.
func ExampleContextWithSelector() {
	cluster := broker()
	defer cluster.Close()
	p := start(cluster)
	defer p.Shutdown()

	ctx := producer.ContextWithSelector(context.Background(), producer.NewManualQueueSelector())
	msg := primitive.NewMessage("orders", []byte("x"))
	msg.Queue = &primitive.MessageQueue{Topic: "orders", BrokerName: cluster.Brokers()[0], QueueId: 3}
	res, err := p.SendSync(ctx, msg)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("queue", res.MessageQueue.QueueId)
	// Output: queue 3
}

// An interceptor surrounds each send, all its attempts included.
func ExampleWithInterceptor() {
	cluster := broker()
	defer cluster.Close()
	p := start(cluster, producer.WithInterceptor(
		func(ctx context.Context, req, reply interface{}, next primitive.Invoker) error {
			req.(*primitive.Message).WithProperty("sender", "billing")
			err := next(ctx, req, reply)
			if pctx, ok := primitive.GetProducerCtx(ctx); ok && err == nil {
				fmt.Println(pctx.CommunicationMode, pctx.SendResult.Status)
			}
			return err
		}))
	defer p.Shutdown()

	if _, err := p.SendSync(context.Background(), primitive.NewMessage("orders", []byte("x"))); err != nil {
		log.Fatal(err)
	}
	fmt.Println(cluster.Stored("orders")[0].GetProperty("sender"))
	// Output:
	// SendSync SEND_OK
	// billing
}

// ShutdownContext gives sends under way a limited time.
func Example_shutdown() {
	cluster := broker()
	defer cluster.Close()
	p := start(cluster)

	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := p.ShutdownContext(ctx); err != nil {
		log.Fatal(err)
	}
	_, err := p.SendSync(context.Background(), primitive.NewMessage("orders", []byte("x")))
	fmt.Println(errors.Is(err, rmqerrors.ErrClosed))
	// Output: true
}

type started interface {
	SendSync(ctx context.Context, msgs ...*primitive.Message) (*primitive.SendResult, error)
	SendAsync(ctx context.Context, f func(context.Context, *primitive.SendResult, error), msgs ...*primitive.Message) error
	Shutdown() error
	ShutdownContext(ctx context.Context) error
}

func start(cluster *mqtest.Cluster, opts ...producer.Option) started {
	p, err := producer.NewDefaultProducer(append(opts, producer.WithNameServer(cluster.NameServers()))...)
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Start(); err != nil {
		log.Fatal(err)
	}
	return p
}

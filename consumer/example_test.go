package consumer_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func ExamplePushConsumer() {
	cluster, err := mqtest.NewCluster(mqtest.WithTopic("orders", 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cluster.Close()
	send(cluster, "orders", "first", "second")

	c, err := consumer.NewPushConsumer(
		consumer.WithGroupName("billing"),
		consumer.WithNameServer(cluster.NameServers()),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset),
		consumer.WithConsumeGoroutineNums(1),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	done := make(chan struct{}, 2)
	err = c.Subscribe("orders", consumer.MessageSelector{}, func(ctx context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
		for _, m := range msgs {
			fmt.Printf("%s, tag %s\n", m.Body, m.GetTags())
			done <- struct{}{}
		}
		return consumer.ConsumeSuccess, nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := c.Start(); err != nil {
		fmt.Println(err)
		return
	}
	<-done
	<-done
	fmt.Println("shut down:", c.Shutdown())
	fmt.Println("committed offset:", cluster.CommittedOffset("billing", "orders", cluster.Brokers()[0], 0))
	// Output:
	// first, tag tag-first
	// second, tag tag-second
	// shut down: <nil>
	// committed offset: 2
}

// A handler that cannot process a message now has it delivered again later, and may say after how long.
func ExamplePushConsumer_retry() {
	cluster, err := mqtest.NewCluster(mqtest.WithTopic("orders", 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cluster.Close()
	send(cluster, "orders", "order 1")

	c, err := consumer.NewPushConsumer(consumer.WithGroupName("billing"), consumer.WithNameServer(cluster.NameServers()),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset))
	if err != nil {
		fmt.Println(err)
		return
	}
	done := make(chan struct{})
	_ = c.Subscribe("orders", consumer.MessageSelector{}, func(ctx context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
		m := msgs[0]
		fmt.Printf("%s of topic %s, delivered before: %d times\n", m.Body, m.Topic, m.ReconsumeTimes)
		if m.ReconsumeTimes == 0 {
			if cc, ok := primitive.GetConcurrentlyCtx(ctx); ok {
				cc.DelayLevelWhenNextConsume = 1 // 1 s with the broker's default levels
			}
			return consumer.ConsumeRetryLater, nil
		}
		close(done)
		return consumer.ConsumeSuccess, nil
	})
	if err := c.Start(); err != nil {
		fmt.Println(err)
		return
	}
	<-done
	_ = c.Shutdown()
	// Output:
	// order 1 of topic orders, delivered before: 0 times
	// order 1 of topic orders, delivered before: 1 times
}

// Only messages with certain tags are consumed.
func ExamplePushConsumer_Subscribe() {
	cluster, err := mqtest.NewCluster(mqtest.WithTopic("orders", 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cluster.Close()
	send(cluster, "orders", "a", "b", "c")

	c, err := consumer.NewPushConsumer(consumer.WithGroupName("billing"), consumer.WithNameServer(cluster.NameServers()),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset), consumer.WithConsumeGoroutineNums(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	done := make(chan struct{}, 2)
	selector := consumer.MessageSelector{Type: consumer.TAG, Expression: "tag-a || tag-c"}
	_ = c.Subscribe("orders", selector, func(ctx context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
		fmt.Printf("%s\n", msgs[0].Body)
		done <- struct{}{}
		return consumer.ConsumeSuccess, nil
	})
	if err := c.Start(); err != nil {
		fmt.Println(err)
		return
	}
	<-done
	<-done
	_ = c.Shutdown()
	// Output:
	// a
	// c
}

// A shutdown that must not take long: handlers that run get the time that is left, then their context is cancelled.
func ExamplePushConsumer_ShutdownContext() {
	cluster, err := mqtest.NewCluster(mqtest.WithTopic("orders", 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cluster.Close()
	send(cluster, "orders", "endless")

	c, err := consumer.NewPushConsumer(consumer.WithGroupName("billing"), consumer.WithNameServer(cluster.NameServers()),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset))
	if err != nil {
		fmt.Println(err)
		return
	}
	started := make(chan struct{})
	_ = c.Subscribe("orders", consumer.MessageSelector{}, func(ctx context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
		close(started)
		<-ctx.Done() // work that takes long has to look at its context
		fmt.Println("handler:", ctx.Err())
		return consumer.ConsumeRetryLater, nil
	})
	if err := c.Start(); err != nil {
		fmt.Println(err)
		return
	}
	<-started
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	fmt.Println("in time:", !errors.Is(c.ShutdownContext(ctx), context.DeadlineExceeded))
	// Output:
	// handler: context canceled
	// in time: false
}

// What a wrong option says.
func ExampleOptionError() {
	_, err := consumer.NewPushConsumer(consumer.WithGroupName("billing"), consumer.WithPullBatchSize(5000))
	var wrong *consumer.OptionError
	fmt.Println(errors.As(err, &wrong))
	fmt.Println(err)
	// Output:
	// true
	// consumer option WithPullBatchSize(5000): must be within 1 and 1024
}

func ExampleWithContextLimiter() {
	_, err := consumer.NewPushConsumer(
		consumer.WithGroupName("billing"),
		consumer.WithNameServer([]string{"127.0.0.1:9876"}),
		consumer.WithContextLimiter(func(ctx context.Context, topic string) error {
			select {
			case <-time.After(time.Millisecond): // ask a quota service here
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}),
	)
	fmt.Println(err)
	// Output: <nil>
}

// Push consumes: handlers are called with messages as they arrive, and failed ones come again.
//
//	go run ./examples/push                              # with a broker inside this process
//	go run ./examples/push -nameserver 127.0.0.1:9876   # with a real one
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq"
	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
)

func main() {
	nameServer := flag.String("nameserver", "", "`host:port` of a name server; without it a broker runs inside this process")
	flag.Parse()
	if err := run(*nameServer); err != nil {
		log.Fatal(err)
	}
}

func run(nameServer string) error {
	servers := primitive.NamesrvAddr{nameServer}
	if nameServer == "" {
		// Shorter waits before a retry than a broker's 1s 5s 10s 30s …
		cluster, err := mqtest.NewCluster(mqtest.WithDelayLevels("100ms 200ms 500ms 1s"))
		if err != nil {
			return err
		}
		defer cluster.Close()
		servers = cluster.NameServers()
	}

	p, err := rocketmq.NewProducer(producer.WithNameServer(servers), producer.WithGroupName("example-push-producer"))
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	defer p.Shutdown()
	for i := range 5 {
		if _, err := p.SendSync(context.Background(), primitive.NewMessage("example-push", fmt.Appendf(nil, "message %d", i))); err != nil {
			return err
		}
	}

	c, err := rocketmq.NewPushConsumer(
		consumer.WithNameServer(servers),
		consumer.WithGroupName("example-push"),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset), // counts for a new group only
		consumer.WithConsumeGoroutineNums(8),                           // handlers that run at a time
	)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	done, failedOnce := make(chan string, 64), false
	err = c.Subscribe("example-push", consumer.MessageSelector{},
		func(_ context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
			mu.Lock()
			defer mu.Unlock()
			if !failedOnce {
				failedOnce = true
				// An error, a panic or ConsumeRetryLater: the message comes again, later each time, and
				// after 16 attempts it moves to the group's dead-letter topic.
				return consumer.ConsumeRetryLater, errors.New("this message fails once")
			}
			for _, m := range msgs {
				done <- fmt.Sprintf("%s, delivered %d times before", m.Body, m.ReconsumeTimes)
			}
			return consumer.ConsumeSuccess, nil
		})
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	for range 5 {
		select {
		case text := <-done:
			fmt.Println(text)
		case <-time.After(40 * time.Second): // the first retry takes 10 s by the broker's default table
			return errors.New("messages are missing")
		}
	}
	// Shutdown lets running handlers finish, commits offsets and leaves the group.
	return c.Shutdown()
}

// Tagfilter consumes only messages with certain tags; brokers do not send the others.
//
//	go run ./examples/tagfilter                              # with a broker inside this process
//	go run ./examples/tagfilter -nameserver 127.0.0.1:9876   # with a real one
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
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
		cluster, err := mqtest.NewCluster()
		if err != nil {
			return err
		}
		defer cluster.Close()
		servers = cluster.NameServers()
	}

	p, err := rocketmq.NewProducer(producer.WithNameServer(servers), producer.WithGroupName("example-tagfilter-producer"))
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	defer p.Shutdown()
	for _, tag := range []string{"paid", "created", "refunded", "shipped", "paid"} {
		msg := primitive.NewMessage("example-tagfilter", []byte("an order was "+tag)).WithTag(tag)
		if _, err := p.SendSync(context.Background(), msg); err != nil {
			return err
		}
	}

	c, err := rocketmq.NewPushConsumer(
		consumer.WithNameServer(servers),
		consumer.WithGroupName("example-tagfilter"),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset),
	)
	if err != nil {
		return err
	}
	got := make(chan string, 16)
	err = c.Subscribe("example-tagfilter", consumer.MessageSelector{Type: consumer.TAG, Expression: "paid || refunded"},
		func(_ context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
			for _, m := range msgs {
				got <- fmt.Sprintf("[%s] %s", m.GetTags(), m.Body)
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
	for range 3 {
		select {
		case text := <-got:
			fmt.Println(text)
		case <-time.After(20 * time.Second):
			return errors.New("messages are missing")
		}
	}
	return nil
}

package rocketmq_test

import (
	"context"
	"fmt"
	"log"

	"github.com/rocketmq-go/rocketmq"
	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
)

// A producer and a consumer share the connections of one client.
func Example() {
	cluster, err := mqtest.NewCluster() // or the addresses of real name servers
	if err != nil {
		log.Fatal(err)
	}
	defer cluster.Close()

	client, err := rocketmq.NewClient(rocketmq.WithNameServer(cluster.NameServers()))
	if err != nil {
		log.Fatal(err)
	}

	p, err := rocketmq.NewProducer(producer.WithClient(client), producer.WithGroupName("orders-producer"))
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Start(); err != nil {
		log.Fatal(err)
	}
	defer p.Shutdown()
	if _, err := p.SendSync(context.Background(), primitive.NewMessage("orders", []byte("order 4711 is paid"))); err != nil {
		log.Fatal(err)
	}

	c, err := rocketmq.NewPushConsumer(consumer.WithClient(client), consumer.WithGroupName("orders-audit"),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset))
	if err != nil {
		log.Fatal(err)
	}
	done := make(chan struct{})
	err = c.Subscribe("orders", consumer.MessageSelector{},
		func(_ context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
			fmt.Println(string(msgs[0].Body))
			close(done)
			return consumer.ConsumeSuccess, nil
		})
	if err != nil {
		log.Fatal(err)
	}
	if err := c.Start(); err != nil {
		log.Fatal(err)
	}
	defer c.Shutdown()
	<-done
	// Output: order 4711 is paid
}

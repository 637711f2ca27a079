// Ordered keeps the messages of each order in sequence: a sharding key is all it takes.
//
//	go run ./examples/ordered                              # with a broker inside this process
//	go run ./examples/ordered -nameserver 127.0.0.1:9876   # with a real one
package main

import (
	"context"
	"flag"
	"fmt"
	"log"

	"github.com/rocketmq-go/rocketmq"
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

	p, err := rocketmq.NewProducer(producer.WithNameServer(servers), producer.WithGroupName("example-ordered"))
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	defer p.Shutdown()

	// Messages with equal sharding keys go to one queue, which keeps their order. The Java client
	// chooses the same queue. They are never moved to another one, not even by a retry.
	for _, step := range []string{"created", "paid", "shipped"} {
		for _, order := range []string{"order-1", "order-2", "order-3"} {
			msg := primitive.NewMessage("example-ordered", []byte(step)).WithShardingKey(order)
			res, err := p.SendSync(context.Background(), msg)
			if err != nil {
				return err
			}
			fmt.Printf("%s %-8s %s queue %d, offset %d\n", order, step, res.MessageQueue.BrokerName, res.MessageQueue.QueueId, res.QueueOffset)
		}
	}
	return nil
}

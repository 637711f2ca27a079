// Batch sends many messages in one request: much faster for small ones.
//
//	go run ./examples/batch                              # with a broker inside this process
//	go run ./examples/batch -nameserver 127.0.0.1:9876   # with a real one
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

	p, err := rocketmq.NewProducer(producer.WithNameServer(servers), producer.WithGroupName("example-batch"))
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	defer p.Shutdown()

	// All messages of a batch have one topic and go to one queue, in this order. Delayed messages
	// cannot be in a batch, and together they must stay below producer.WithMaxMessageSize (4 MiB).
	var batch []*primitive.Message
	for i := range 100 {
		batch = append(batch, primitive.NewMessage("example-batch", fmt.Appendf(nil, "message %d", i)))
	}
	res, err := p.SendSync(context.Background(), batch...)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d messages in %s queue %d, from offset %d\n", res.Status, len(batch),
		res.MessageQueue.BrokerName, res.MessageQueue.QueueId, res.QueueOffset)
	return nil
}

// Oneway sends without an answer, for what may get lost, such as metrics.
//
//	go run ./examples/oneway                              # with a broker inside this process
//	go run ./examples/oneway -nameserver 127.0.0.1:9876   # with a real one
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

	p, err := rocketmq.NewProducer(producer.WithNameServer(servers), producer.WithGroupName("example-oneway"))
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	defer p.Shutdown()

	for i := range 10 {
		// No error means that the message is on its way. Brokers under load drop one-way messages in
		// silence, so a program that sends many should pace itself.
		if err := p.SendOneWay(context.Background(), primitive.NewMessage("example-oneway", fmt.Appendf(nil, "message %d", i))); err != nil {
			return err
		}
	}
	fmt.Println("10 messages are on their way")
	return nil
}

// Simple sends messages one after another and waits for each to be stored.
//
//	go run ./examples/simple                              # with a broker inside this process
//	go run ./examples/simple -nameserver 127.0.0.1:9876   # with a real one
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"time"

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

	p, err := rocketmq.NewProducer(producer.WithNameServer(servers), producer.WithGroupName("example-simple"))
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	defer p.Shutdown()

	for i := range 5 {
		// The context and WithSendMsgTimeout (3 s) bound the send with all its retries.
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		msg := primitive.NewMessage("example-simple", fmt.Appendf(nil, "message %d", i)).
			WithTag("demo").
			WithKeys([]string{fmt.Sprintf("key-%d", i)})
		res, err := p.SendSync(ctx, msg)
		cancel()

		var failed *primitive.SendError
		switch {
		case errors.As(err, &failed) && failed.Outcome == primitive.OutcomeUnknown:
			return fmt.Errorf("message %d may be stored; sending it again may store it twice: %w", i, err)
		case err != nil:
			return fmt.Errorf("message %d is not stored: %w", i, err)
		}
		fmt.Printf("%s: id %s in %s queue %d\n", res.Status, res.MsgID, res.MessageQueue.BrokerName, res.MessageQueue.QueueId)
	}
	return nil
}

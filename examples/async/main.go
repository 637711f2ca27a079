// Async sends without waiting: a callback hears what became of each message.
//
//	go run ./examples/async                              # with a broker inside this process
//	go run ./examples/async -nameserver 127.0.0.1:9876   # with a real one
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"sync"

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

	p, err := rocketmq.NewProducer(producer.WithNameServer(servers), producer.WithGroupName("example-async"))
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	defer p.Shutdown()

	var wg sync.WaitGroup
	for i := range 10 {
		wg.Add(1)
		msg := primitive.NewMessage("example-async", fmt.Appendf(nil, "message %d", i))
		// The callback is called exactly once for a message that is accepted. SendAsync waits when
		// too many are under way; see producer.WithAsyncLimit and producer.WithAsyncFailFast.
		err := p.SendAsync(context.Background(), func(_ context.Context, res *primitive.SendResult, err error) {
			defer wg.Done()
			if err != nil {
				fmt.Printf("message %d: %v\n", i, err)
				return
			}
			fmt.Printf("message %d: %s\n", i, res.Status)
		}, msg)
		if err != nil {
			return err // not accepted: there will be no callback
		}
	}
	wg.Wait()
	return nil
}

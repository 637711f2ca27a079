// Broadcast delivers every message to every member of a group, instead of to one of them.
//
//	go run ./examples/broadcast                              # with a broker inside this process
//	go run ./examples/broadcast -nameserver 127.0.0.1:9876   # with a real one
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
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

	// Each member keeps its own offsets in a file; without WithOffsetStoreDir under the home directory.
	dir, err := os.MkdirTemp("", "example-broadcast")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	p, err := rocketmq.NewProducer(producer.WithNameServer(servers), producer.WithGroupName("example-broadcast-producer"))
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	defer p.Shutdown()
	if _, err := p.SendSync(context.Background(), primitive.NewMessage("example-broadcast", []byte("hello, all of you"))); err != nil {
		return err
	}

	got := make(chan string, 16)
	for _, member := range []string{"one", "two", "three"} {
		c, err := rocketmq.NewPushConsumer(
			consumer.WithNameServer(servers),
			consumer.WithGroupName("example-broadcast"),
			consumer.WithConsumerModel(consumer.BroadCasting),
			consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset),
			consumer.WithOffsetStoreDir(dir+"/"+member),
		)
		if err != nil {
			return err
		}
		err = c.Subscribe("example-broadcast", consumer.MessageSelector{},
			func(_ context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
				for _, m := range msgs {
					got <- fmt.Sprintf("member %s got: %s", member, m.Body)
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
	}
	for range 3 {
		select {
		case text := <-got:
			fmt.Println(text)
		case <-time.After(20 * time.Second):
			return errors.New("a member got nothing")
		}
	}
	return nil
}

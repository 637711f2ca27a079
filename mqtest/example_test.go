package mqtest_test

import (
	"context"
	"fmt"

	"github.com/rocketmq-go/rocketmq"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
)

// What a producer sent can be looked at in the broker.
func Example() {
	cluster, err := mqtest.NewCluster(mqtest.WithTopic("orders", 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = cluster.Close() }()

	p, err := rocketmq.NewProducer(producer.WithNameServer(cluster.NameServers()), producer.WithGroupName("shop"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := p.Start(); err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = p.Shutdown() }()
	if _, err := p.SendSync(context.Background(), primitive.NewMessage("orders", []byte("two teas")).WithTag("drinks")); err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range cluster.Stored("orders") {
		fmt.Println(m.Queue.BrokerName, m.QueueOffset, m.GetTags(), string(m.Body))
	}
	// Output: broker-0 0 drinks two teas
}

// A broker that is busy for the first two sends: the producer has to try again.
func ExampleCluster_OnCommand() {
	cluster, err := mqtest.NewCluster(mqtest.WithTopic("orders", 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = cluster.Close() }()

	const sendMessageV2, systemBusy = 310, 2
	remove := cluster.OnCommand(sendMessageV2, func(c *mqtest.Command) *mqtest.Reply {
		if cluster.Requests(sendMessageV2) <= 2 {
			return &mqtest.Reply{Code: systemBusy, Remark: "[TIMEOUT_CLEAN_QUEUE]"}
		}
		return nil // as usual
	})
	defer remove()

	p, err := rocketmq.NewProducer(producer.WithNameServer(cluster.NameServers()), producer.WithGroupName("shop"), producer.WithRetry(2))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := p.Start(); err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = p.Shutdown() }()
	if _, err := p.SendSync(context.Background(), primitive.NewMessage("orders", []byte("two teas"))); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(cluster.Requests(sendMessageV2), "requests,", cluster.StoredCount("orders"), "message")
	// Output: 3 requests, 1 message
}

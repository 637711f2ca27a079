package consumer_test

import (
	"context"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// send stores messages; an application has a producer for that.
func send(cluster *mqtest.Cluster, topic string, bodies ...string) {
	client, err := remote.New(remote.Config{Logger: rlog.Discard()})
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	defer func() { _ = client.Shutdown(ctx) }()
	for _, body := range bodies {
		m := primitive.NewMessage(topic, []byte(body))
		m.WithTag("tag-" + body)
		_, err := client.Invoke(ctx, cluster.BrokerAddr(cluster.Brokers()[0]), &remote.Request{
			Code: command.CodeSendMessageV2,
			Header: &command.SendMessageV2Request{
				ProducerGroup: "example", Topic: topic, DefaultTopic: "TBW102", DefaultTopicQueueNums: 1,
				BornTimestamp: time.Now().UnixMilli(), Properties: m.AppendProperties(nil),
			},
			Body: m.Body,
		})
		if err != nil {
			panic(err)
		}
	}
}

// Package rocketmq is a client for Apache RocketMQ 4.5 and later in pure Go. It
// speaks the remoting protocol over TCP, without cgo, a JVM or a proxy.
//
// # Sending
//
//	p, err := rocketmq.NewProducer(
//		producer.WithNameServer(primitive.NamesrvAddr{"127.0.0.1:9876"}),
//		producer.WithGroupName("orders-producer"),
//	)
//	if err != nil { … }
//	if err = p.Start(); err != nil { … }
//	defer p.Shutdown()
//	res, err := p.SendSync(ctx, primitive.NewMessage("orders", []byte("hello")))
//
// Package producer says how batches, asynchronous and ordered messages are sent,
// and what a failed send means for the message.
//
// # Consuming
//
//	c, err := rocketmq.NewPushConsumer(
//		consumer.WithNameServer(primitive.NamesrvAddr{"127.0.0.1:9876"}),
//		consumer.WithGroupName("orders-consumer"),
//	)
//	if err != nil { … }
//	err = c.Subscribe("orders", consumer.MessageSelector{},
//		func(ctx context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
//			…
//			return consumer.ConsumeSuccess, nil
//		})
//	if err != nil { … }
//	if err = c.Start(); err != nil { … }
//	defer c.Shutdown()
//
// A message is delivered at least once: handlers must cope with duplicates.
//
// # Clients
//
// Each producer and consumer has connections of its own, so any number of
// clusters, accounts and TLS settings live in one process without seeing each
// other. To share connections between those of one cluster make a [Client] and
// pass it with producer.WithClient and consumer.WithClient.
//
// # Testing
//
// Package mqtest runs name servers and brokers inside a test's process.
//
// # Compatibility
//
// The names are those of github.com/apache/rocketmq-client-go/v2: programs written
// for it compile after the import path is changed.
package rocketmq

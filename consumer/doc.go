// Package consumer receives messages from Apache RocketMQ.
//
// A [PushConsumer] calls one handler per subscribed topic, on a bounded number of goroutines:
//
//	c, err := consumer.NewPushConsumer(
//		consumer.WithGroupName("orders"),
//		consumer.WithNameServer(primitive.NamesrvAddr{"127.0.0.1:9876"}),
//	)
//	err = c.Subscribe("order-created", consumer.MessageSelector{}, func(ctx context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
//		return consumer.ConsumeSuccess, nil
//	})
//	err = c.Start()
//	defer c.Shutdown()
//
// # What is promised
//
// Delivery is at least once. A message counts as done when its handler returned ConsumeSuccess, or when the
// broker has confirmed that it took the message back for a later delivery. The offset committed to the broker is
// always the lowest message that is not done, so a crash repeats messages and never loses one.
//
// A handler that fails, panics or returns an error makes the broker deliver the message again later, after the
// delays of its messageDelayLevel setting (10 s, 30 s, 1 min … by default), 16 times at most, and then moves it
// to the topic %DLQ%group. In broadcasting mode a failed message is logged once and dropped.
//
// # Members of a group joining and leaving
//
// Members of a clustering group share the queues. A member that gives a queue away stops fetching it, lets the
// handlers that run finish, and commits its offset; a member that gains a queue while the group has other
// members waits [WithHandoverGrace], and until the committed offset has come to rest, before it reads that
// offset. Handlers shorter than the grace therefore see each message exactly once when members join or leave
// gracefully; longer ones, crashes and network partitions may repeat messages.
//
// # Goroutines
//
// A push consumer runs 2 + [WithConsumeGoroutineNums] goroutines, whatever the number of topics, queues and
// messages: one drives the pulls and timers of all queues, one rebalances, the others run handlers.
package consumer

package primitive_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	rocketmq "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func ExampleNewMessage() {
	msg := primitive.NewMessage("orders", []byte(`{"id": 7}`)).
		WithTag("created").
		WithKeys([]string{"order-7", "customer-3"}).
		WithShardingKey("customer-3")
	msg.WithProperty("source", "shop")
	fmt.Println(msg.Topic, msg.GetTags(), msg.GetKeys(), msg.GetShardingKey(), msg.GetProperty("source"))
	// Output: orders created order-7 customer-3 customer-3 shop
}

func ExampleMessage_WithDelayTimestamp() {
	msg := primitive.NewMessage("reminders", []byte("call back"))
	msg.WithDelayTimestamp(time.Date(2030, 1, 1, 9, 0, 0, 0, time.UTC))
	fmt.Println(msg.GetProperty(primitive.PropertyTimerDeliverMS))
	// Output: 1893488400000
}

func ExampleNewNamesrvAddr() {
	addrs, err := primitive.NewNamesrvAddr("rmq-1", "10.0.0.2:9877;[2001:db8::1]:9876")
	fmt.Println(addrs, err)
	_, err = primitive.NewNamesrvAddr("rmq-1:port")
	fmt.Println(err)
	// Output:
	// rmq-1:9876;10.0.0.2:9877;[2001:db8::1]:9876 <nil>
	// IP addr error: "rmq-1:port" has port "port", it must be 1 to 65535
}

// What to do with a message that could not be sent depends on what became of it.
func ExampleSendError() {
	send := func() error { // stands for producer.SendSync
		return &primitive.SendError{Outcome: primitive.OutcomeRejected, Topic: "orders", Attempts: 1, Code: 17,
			Err: &primitive.BrokerError{Code: 17, Addr: "10.0.0.1:10911", Broker: "broker-a", Topic: "orders"}}
	}
	err := send()
	var failed *primitive.SendError
	if errors.As(err, &failed) {
		switch failed.Outcome {
		case primitive.OutcomeNotSent:
			fmt.Println("send it again")
		case primitive.OutcomeUnknown:
			fmt.Println("send it again if the consumer can deal with duplicates")
		case primitive.OutcomeRejected:
			fmt.Println("do not send it again:", errors.Is(err, rocketmq.ErrTopicNotExist))
		}
	}
	// Output: do not send it again: true
}

func ExampleChainInterceptors() {
	log := func(name string) primitive.Interceptor {
		return func(ctx context.Context, req, reply interface{}, next primitive.Invoker) error {
			fmt.Println(name, "before")
			err := next(ctx, req, reply)
			fmt.Println(name, "after")
			return err
		}
	}
	both := primitive.ChainInterceptors(log("outer"), log("inner"))
	_ = both(context.Background(), nil, nil, func(context.Context, interface{}, interface{}) error {
		fmt.Println("send")
		return nil
	})
	// Output:
	// outer before
	// inner before
	// send
	// inner after
	// outer after
}

func ExampleMessageExt_GetProperty() {
	// A push consumer's handler looks at a received message like this.
	handle := func(msg *primitive.MessageExt) {
		fmt.Println(msg.GetProperty("source"), msg.ReconsumeTimes)
	}
	msg := &primitive.MessageExt{Message: *primitive.NewMessage("orders", []byte("7"))}
	msg.WithProperty("source", "shop")
	handle(msg)
	// Output: shop 0
}

// Package producer sends messages to Apache RocketMQ.
//
// A [DefaultProducer] is made by [NewDefaultProducer] (or rocketmq.NewProducer), started
// once, used by any number of goroutines, and shut down once:
//
//	p, err := producer.NewDefaultProducer(
//		producer.WithNameServer(primitive.NamesrvAddr{"127.0.0.1:9876"}),
//		producer.WithGroupName("orders"),
//	)
//	if err != nil { … }          // an option is wrong: the error says which and what to do
//	if err = p.Start(); err != nil { … }
//	defer p.Shutdown()
//	res, err := p.SendSync(ctx, primitive.NewMessage("order-created", body))
//
// # How to send
//
// SendSync waits for the broker's answer. SendAsync returns once the message is
// accepted into a bounded buffer and calls back exactly once. SendOneWay hears
// nothing back. Each takes several messages of one topic: they become one batch,
// stored by one broker in one queue.
//
// # What a failed send means
//
// Each failed send returns a [primitive.SendError]. Its Outcome answers whether
// the broker may have stored the message: Rejected and NotSent say no, Unknown
// says perhaps. The error also unwraps to the cause, so errors.Is finds
// context.Canceled, errors.ErrTopicNotExist and the like, and errors.As finds a
// *primitive.BrokerError with the broker's code and remark.
//
// # Retries
//
// SendSync and SendAsync try again (twice unless [WithRetry] says otherwise) when
// the connection failed or the broker answered a code that another attempt may
// cure, on another broker when there is one, after a short pause with jitter, and
// all within one deadline: the earlier of the context's and [WithSendMsgTimeout].
// A retry after an Unknown outcome can store the message twice; both copies carry
// the same message id. A cancelled context ends the send at once.
//
// # Order
//
// A message with a sharding key goes to the queue that the key's hash selects, the
// same queue that the Java client selects, and is never moved to another queue.
//
// # Ownership
//
// A message is only read, never written to, and may be sent from several
// goroutines at a time. SendAsync and SendOneWay have copied what they need when
// they return; SendSync reads the message until it returns.
package producer

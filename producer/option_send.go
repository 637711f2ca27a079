package producer

import (
	"time"

	"github.com/rocketmq-go/rocketmq/primitive"
)

// CompressType names a compression of message bodies.
type CompressType uint8

// The compressions that RocketMQ knows. LZ4 and ZSTD need consumers of release 5
// or later (or this library).
const (
	CompressLZ4  CompressType = 1
	CompressZSTD CompressType = 2
	CompressZlib CompressType = 3
)

// WithGroupName sets the producer group. Brokers use it to find a live producer
// for transaction checks. Default: DEFAULT_PRODUCER.
func WithGroupName(group string) Option {
	return func(o *producerOptions) { o.group = group }
}

// WithSendMsgTimeout bounds one send: all its attempts, the pauses between them
// and the look-up of the route. A context that ends earlier wins. Default: 3 s.
func WithSendMsgTimeout(duration time.Duration) Option {
	return func(o *producerOptions) { o.sendTimeout = duration }
}

// WithAttemptTimeout bounds one attempt while a further attempt is possible, so
// that a broker which does not answer leaves time for another one (Java:
// sendMsgMaxTimeoutPerRequest). A broker that answers later than this makes a
// duplicate. Default: 0, an attempt may use all the time that is left.
func WithAttemptTimeout(duration time.Duration) Option {
	return func(o *producerOptions) { o.attemptTimeout = duration }
}

// WithRetry sets how many times a failed SendSync or SendAsync is tried again
// after the first attempt, within the same deadline. 0 switches retries off.
// Default: 2.
func WithRetry(retries int) Option {
	return func(o *producerOptions) { o.retries = retries }
}

// WithRetryCodes adds broker answers that are tried again on another broker.
// Default: 17, 14, 1, 2, 16, 204, 205 and 1500, the Java client's set.
func WithRetryCodes(codes ...int32) Option {
	return func(o *producerOptions) { o.retryCodes = append(o.retryCodes, codes...) }
}

// WithQueueSelector sets how the queue of a message is chosen. Default: by the
// hash of its sharding key when it has one, else round robin.
// [ContextWithSelector] chooses for one call.
func WithQueueSelector(s QueueSelector) Option {
	return func(o *producerOptions) { o.selector, o.selectorSet = s, true }
}

// WithCreateTopicKey names the topic whose settings a topic created by the first
// send inherits, when the broker creates topics at all. Default: TBW102.
func WithCreateTopicKey(topic string) Option {
	return func(o *producerOptions) { o.createTopicKey = topic }
}

// WithDefaultTopicQueueNums sets how many queues a topic created by the first
// send gets, at most as many as the topic of [WithCreateTopicKey] has. Default: 4.
func WithDefaultTopicQueueNums(queueNum int) Option {
	return func(o *producerOptions) { o.topicQueueNums = queueNum }
}

// WithTopics looks the routes of these topics up in Start, so that the first send
// to them does not wait for the name server. A topic that does not exist yet is no
// error. Default: none.
func WithTopics(topics ...string) Option {
	return func(o *producerOptions) { o.topics = append(o.topics, topics...) }
}

// WithCompressMsgBodyOverHowmuch sets the size in bytes from which a body is
// compressed; batches never are. Default: 4096.
func WithCompressMsgBodyOverHowmuch(threshold int) Option {
	return func(o *producerOptions) { o.compressThreshold = threshold }
}

// WithCompressLevel sets the effort of compression: 0 is the fastest, 9 the
// smallest. Default: 5.
func WithCompressLevel(level int) Option {
	return func(o *producerOptions) { o.compressLevel = level }
}

// WithCompressType sets the compression. Default: [CompressZlib], which every
// consumer can read.
func WithCompressType(t CompressType) Option {
	return func(o *producerOptions) { o.compressType = t }
}

// WithMaxMessageSize sets the largest body in bytes, before compression, of a
// message or an encoded batch. The broker has a limit of its own
// (maxMessageSize). Default: 4 MiB.
func WithMaxMessageSize(bytes int) Option {
	return func(o *producerOptions) { o.maxMessageSize = bytes }
}

// WithInterceptor adds interceptors; the first one given is the outermost. They
// run once a send, around all of its attempts. They receive a copy of the message,
// a *primitive.Message, which they may change, and for SendSync the
// *primitive.SendResult. For SendAsync they surround the hand-over to the buffer,
// and reply is nil; the callback's context carries the result.
// primitive.GetProducerCtx finds group, mode and, after a sync send, queue,
// address and result.
func WithInterceptor(f ...primitive.Interceptor) Option {
	return func(o *producerOptions) { o.interceptors = append(o.interceptors, f...) }
}

// WithAsyncLimit bounds what SendAsync holds from acceptance to callback: a
// number of messages and the sum of their sizes in bytes. When the buffer is full
// SendAsync waits, or fails as [WithAsyncFailFast] says. One message larger than
// bytes is accepted alone. Default: 10,000 messages and 100 MiB.
func WithAsyncLimit(messages int, bytes int64) Option {
	return func(o *producerOptions) { o.asyncMessages, o.asyncBytes = messages, bytes }
}

// WithAsyncFailFast makes SendAsync return errors.ErrBufferFull at once when the
// buffer is full, rather than wait for room until its context ends. Default: false.
func WithAsyncFailFast(failFast bool) Option {
	return func(o *producerOptions) { o.asyncFailFast = failFast }
}

// WithTrace is refused for now unless traceCfg is nil: message traces are not
// supported yet.
func WithTrace(traceCfg *primitive.TraceConfig) Option {
	return func(o *producerOptions) { o.trace = traceCfg }
}

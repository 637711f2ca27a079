package errors

import "errors"

// Wrong use of a client: change the call.
var (
	// ErrMQEmpty says that a message queue is nil: pass one of the topic's queues.
	ErrMQEmpty = errors.New("MessageQueue is nil")
	// ErrOffset says that an offset is negative: offsets start at 0.
	ErrOffset = errors.New("offset < 0")
	// ErrNumbers says that a number of messages is negative.
	ErrNumbers = errors.New("numbers < 0")
	// ErrEmptyTopic says that a topic name is empty: name one.
	ErrEmptyTopic = errors.New("empty topic")
	// ErrTopicEmpty says that a message has no topic: name one.
	ErrTopicEmpty = errors.New("topic is nil")
	// ErrIllegalTopic says that a topic name is too long, has illegal characters or is reserved: at most 127 of
	// letters, digits and %|-_ are allowed.
	ErrIllegalTopic = errors.New("illegal topic")
	// ErrEmptyGroupID says that a group name is empty: set one with WithGroupName.
	ErrEmptyGroupID = errors.New("empty group id")
	// ErrIllegalGroup says that a group name is too long, has illegal characters or is reserved: at most 120 of
	// letters, digits and %|-_ are allowed.
	ErrIllegalGroup = errors.New("illegal group")
	// ErrEmptyNameSrv says that a client has no name server: set WithNameServer, WithNsResolver or the environment
	// variable NAMESRV_ADDR.
	ErrEmptyNameSrv = errors.New("empty namesrv")
	// ErrNoNameserver says that a list of name servers is empty: give at least one host:port.
	//nolint:revive,staticcheck // the text is rocketmq-client-go's, programs may compare it
	ErrNoNameserver = errors.New("nameServerAddrs can't be empty.")
	// ErrIllegalIP says that a name server's address is no host, host:port, [ipv6]:port or IP address.
	ErrIllegalIP = errors.New("IP addr error")
	// ErrUnknownIP says that the address of this machine cannot be told: set it by option.
	ErrUnknownIP = errors.New("unknown IP address")
	// ErrMessageEmpty says that a message is nil, or that there is none.
	ErrMessageEmpty = errors.New("message is nil")
	// ErrMessageBody says that a body is empty: brokers store no empty messages.
	ErrMessageBody = errors.New("message body size must be positive integer")
	// ErrMessageTooLarge says that a body is over the limit: send less, compress, or raise the limit here and on the
	// broker (maxMessageSize).
	ErrMessageTooLarge = errors.New("message is too large")
	// ErrIllegalProperty says that a property cannot be sent: names and values may not contain the bytes 0x01 and
	// 0x02, and all together may not exceed 32,767 bytes.
	ErrIllegalProperty = errors.New("illegal message property")
	// ErrMultipleTopics says that the messages of a batch differ in their topic: send them apart.
	ErrMultipleTopics = errors.New("the topic of the messages in one batch should be the same")
	// ErrIllegalBatch says that messages cannot be sent as a batch, as delayed ones: send them apart.
	ErrIllegalBatch = errors.New("messages cannot be sent in one batch")
	// ErrCompressLevel says that the algorithm has no such level: zlib and LZ4 have 0 to 9, ZSTD 0 to 22.
	ErrCompressLevel = errors.New("unsupported compress level")
	// ErrEmptyExpression says that a subscription's expression is empty: "*" subscribes to everything.
	ErrEmptyExpression = errors.New("empty expression")
	// ErrBlankSubType says that a subscription has no type: use TAG or SQL92.
	ErrBlankSubType = errors.New("subscribe type should not be blank")
	// ErrSubscriptionType says that a consumer already assigns queues by hand, or already subscribes: do not mix both.
	ErrSubscriptionType = errors.New("subscribe type is not matched")
	// ErrPullConsumer says that something is not for pull consumers.
	ErrPullConsumer = errors.New("pull consumer has not supported")
	// ErrNotSupported says that this version of the library does not do that yet.
	ErrNotSupported = errors.New("not supported")
	// ErrIllegalOption says that an option's value is out of its range; the text names both.
	ErrIllegalOption = errors.New("illegal option")
)

// The life of a client.
var (
	// ErrCreated says that the client already has a consumer of this group: use that one, or another client.
	ErrCreated = errors.New("consumer group has been created")
	// ErrProducerCreated says that the client already has a producer of this group: use that one, or another client.
	ErrProducerCreated = errors.New("producer group has been created")
	// ErrNotRunning says that Start was not called or has failed: call Start and look at its error.
	ErrNotRunning = errors.New("producer not started")
	// ErrAlreadyStarted says that Start was called before.
	ErrAlreadyStarted = errors.New("already started")
	// ErrClosed says that Shutdown was called: make a new client.
	ErrClosed = errors.New("client is closed")
	// ErrStartTopic says that a consumer cannot subscribe, because it failed to start or was shut down.
	//nolint:revive,staticcheck // the text is rocketmq-client-go's, programs may compare it
	ErrStartTopic = errors.New("cannot subscribe topic since client either failed to start or has been shutdown.")
	// ErrBufferFull says that as many asynchronous sends are under way as may be: wait for some of them, or choose to
	// block by option.
	ErrBufferFull = errors.New("buffer of asynchronous sends is full")
)

// What servers and the network do.
var (
	// ErrRequestTimeout says that no answer came in time. It may have been done nevertheless: the error that wraps
	// this one tells. Send errors have an outcome.
	ErrRequestTimeout = errors.New("request timeout")
	// ErrBrokerNotFound says that no broker of that name is known: it is down, or the topic's route is old.
	ErrBrokerNotFound = errors.New("broker can not found")
	// ErrTopicNotExist says that the cluster has no such topic: create it (mqadmin updateTopic).
	ErrTopicNotExist = errors.New("topic not exist")
	// ErrRouteNotFound says that no broker has queues of the topic for this: create it, or give it read or write
	// permission.
	ErrRouteNotFound = errors.New("topic route not found")
	// ErrNotExisted says that what was asked for is not there.
	ErrNotExisted = errors.New("not existed")
	// ErrResponse says that an answer makes no sense: see the log of the server.
	ErrResponse = errors.New("response error")
	// ErrNoPermission says that access control refuses: check credentials and the permissions of topic and group.
	ErrNoPermission = errors.New("no permission")
	// ErrFlowControl says that a server has too much to do: it was not done, try again later.
	ErrFlowControl = errors.New("flow control")
)

// What is in messages.
var (
	// ErrCorruptMessage says that a message from a broker cannot be decoded.
	ErrCorruptMessage = errors.New("corrupt message")
	// ErrUnsupportedCompression says that a body is compressed in a way this client does not know: update it.
	ErrUnsupportedCompression = errors.New("unsupported compression")
)

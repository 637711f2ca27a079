package mqserver

import (
	"fmt"
	"net/netip"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
)

// broker is one master or slave: a server in front of the set's store, and the clients connected to it.
type broker struct {
	*brokerSet
	id        int64
	server    *server
	consumers *consumers
	locks     *queueLocks
}

func newBroker(s *brokerSet, id int64, addr netip.AddrPort) *broker {
	b := &broker{
		brokerSet: s, id: id,
		consumers: newConsumers(s.cluster.clock), locks: newQueueLocks(s.cluster.clock),
	}
	b.server = newServer(s.cluster, s.name, addr)
	b.server.handle = b.handle
	b.server.closed = b.closed
	return b
}

func (b *broker) isSlave() bool { return b.id != 0 }

// start serves and tells the name servers.
func (b *broker) start() error {
	started, err := b.server.start()
	if err != nil || !started {
		return err
	}
	if !b.isSlave() {
		addr, err := netip.ParseAddrPort(b.server.address())
		if err != nil {
			return fmt.Errorf("mqserver: %w", err)
		}
		b.store.setHost(addr)
		b.delivery.setRunning(true)
	}
	b.cluster.registry.list(b.brokerSet, b.id, b.server.address())
	return nil
}

// stop ends all connections; the store stays. With kill the name servers are not told.
func (b *broker) stop(kill bool) error {
	if !b.isSlave() {
		b.delivery.setRunning(false)
	}
	stopped, err := b.server.stop()
	if !stopped {
		return err
	}
	b.consumers.clear()
	b.locks.clear()
	b.cluster.registry.unlist(b.brokerSet, b.id, kill)
	return err
}

// closed forgets a client whose connection ended, and tells the groups it was in.
func (b *broker) closed(c *conn) {
	b.store.dropHeld(c)
	for group, members := range b.consumers.gone(c) {
		b.notify(group, members)
	}
}

// expire removes clients that send no heartbeats; their connections are closed, which does the rest.
func (b *broker) expire() {
	for _, c := range b.consumers.expired() {
		c.close()
	}
}

// handle dispatches a request.
func (b *broker) handle(r *request) {
	if remark := b.cluster.acl.check(r); remark != "" {
		r.fail(codeNoPermission, remark)
		return
	}
	switch r.Code {
	case command.CodeSendMessage:
		b.c010SendMessage(r)
	case command.CodeSendMessageV2:
		b.c310SendMessageV2(r)
	case command.CodeSendBatchMessage:
		b.c320SendBatchMessage(r)
	case command.CodePullMessage, command.CodeLitePullMessage:
		b.c011PullMessage(r)
	case command.CodeQueryMessage:
		b.c012QueryMessage(r)
	case command.CodeQueryConsumerOffset:
		b.c014QueryConsumerOffset(r)
	case command.CodeUpdateConsumerOffset:
		b.c015UpdateConsumerOffset(r)
	case command.CodeUpdateAndCreateTopic:
		b.c017UpdateAndCreateTopic(r)
	case command.CodeSearchOffsetByTimestamp:
		b.c029SearchOffsetByTimestamp(r)
	case command.CodeGetMaxOffset:
		b.c030GetMaxOffset(r)
	case command.CodeGetMinOffset:
		b.c031GetMinOffset(r)
	case command.CodeGetEarliestMsgStoreTime:
		b.c032GetEarliestMsgStoretime(r)
	case command.CodeViewMessageByID:
		b.c033ViewMessageByID(r)
	case command.CodeHeartBeat:
		b.c034HeartBeat(r)
	case command.CodeUnregisterClient:
		b.c035UnregisterClient(r)
	case command.CodeConsumerSendMsgBack:
		b.c036ConsumerSendMsgBack(r)
	case command.CodeGetConsumerListByGroup:
		b.c038GetConsumerListByGroup(r)
	case command.CodeLockBatchMQ:
		b.c041LockBatchMQ(r)
	case command.CodeUnlockBatchMQ:
		b.c042UnlockBatchMQ(r)
	case command.CodeCheckClientConfig:
		b.c046CheckClientConfig(r)
	case command.CodeUpdateAndCreateSubscriptionGroup:
		b.c200UpdateAndCreateSubscriptionGroup(r)
	case command.CodeGetConsumerConnectionList:
		b.c203GetConsumerConnectionList(r)
	case command.CodeDeleteTopicInBroker:
		b.c215DeleteTopicInBroker(r)
	default:
		notSupported(r)
	}
}

func notSupported(r *request) {
	r.fail(codeNotSupported, fmt.Sprintf(" request type %d not supported", r.Code))
}

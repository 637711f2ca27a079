package consumer

import (
	"slices"
	"strings"

	"github.com/rocketmq-go/rocketmq/primitive"
)

// AllocateByMachineRoom gives members only queues of brokers in certain machine rooms, which have to be named
// room@name; consumeridcs are the rooms. Queues of other brokers are nobody's (Java:
// AllocateMessageQueueByMachineRoom).
func AllocateByMachineRoom(consumeridcs []string) AllocateStrategy {
	rooms := slices.Clone(consumeridcs)
	return func(consumerGroup, currentCID string, mqAll []*primitive.MessageQueue, cidAll []string) []*primitive.MessageQueue {
		if !allocatable(currentCID, mqAll, cidAll) {
			return nil
		}
		result := []*primitive.MessageQueue{}
		index := slices.Index(cidAll, currentCID)
		if index < 0 {
			return result
		}
		var queues []*primitive.MessageQueue
		for _, mq := range mqAll {
			if room, ok := brokerRoom(mq.BrokerName); ok && slices.Contains(rooms, room) {
				queues = append(queues, mq)
			}
		}
		share, left := len(queues)/len(cidAll), len(queues)%len(cidAll)
		result = append(result, queues[index*share:(index+1)*share]...)
		if index < left {
			result = append(result, queues[share*len(cidAll)+index])
		}
		return result
	}
}

// brokerRoom splits room@name as Java's String.split does, which does not count empty parts at the end.
func brokerRoom(brokerName string) (string, bool) {
	room, name, ok := strings.Cut(strings.TrimRight(brokerName, "@"), "@")
	return room, ok && !strings.Contains(name, "@")
}

// MachineRoomResolver tells the machine rooms of brokers and consumers. An empty room is an error.
type MachineRoomResolver interface {
	// BrokerDeployIn returns the room of the queue's broker.
	BrokerDeployIn(mq primitive.MessageQueue) string
	// ConsumerDeployIn returns the room of the consumer with this client id.
	ConsumerDeployIn(clientID string) string
}

// AllocateByMachineRoomNearby gives the queues of a room's brokers to the members in that room, by the strategy
// inner; queues of rooms without members go to all members, by inner too. It returns nil when the resolver does not
// know a room, or when resolver or inner is nil (Java: AllocateMachineRoomNearby).
func AllocateByMachineRoomNearby(resolver MachineRoomResolver, inner AllocateStrategy) AllocateStrategy {
	return func(consumerGroup, currentCID string, mqAll []*primitive.MessageQueue, cidAll []string) []*primitive.MessageQueue {
		if resolver == nil || inner == nil || !allocatable(currentCID, mqAll, cidAll) {
			return nil
		}
		result := []*primitive.MessageQueue{}
		if !slices.Contains(cidAll, currentCID) {
			return result
		}
		queues := make(map[string][]*primitive.MessageQueue)
		var rooms []string
		for _, mq := range mqAll {
			room := resolver.BrokerDeployIn(*mq)
			if room == "" {
				return nil
			}
			if queues[room] == nil {
				rooms = append(rooms, room)
			}
			queues[room] = append(queues[room], mq)
		}
		members := make(map[string][]string)
		for _, cid := range cidAll {
			room := resolver.ConsumerDeployIn(cid)
			if room == "" {
				return nil
			}
			members[room] = append(members[room], cid)
		}

		own := resolver.ConsumerDeployIn(currentCID)
		if len(queues[own]) > 0 {
			result = append(result, inner(consumerGroup, currentCID, queues[own], members[own])...)
		}
		slices.Sort(rooms)
		for _, room := range rooms {
			if room != own && members[room] == nil {
				result = append(result, inner(consumerGroup, currentCID, queues[room], cidAll)...)
			}
		}
		return result
	}
}

// AllocateByMachineNearby takes all brokers and members to be in one machine room, because its signature has no
// resolver that could tell, and so computes what AllocateByAveragely does. Use AllocateByMachineRoomNearby to prefer
// brokers nearby.
func AllocateByMachineNearby(consumerGroup, currentCID string, mqAll []*primitive.MessageQueue, cidAll []string) []*primitive.MessageQueue {
	return AllocateByAveragely(consumerGroup, currentCID, mqAll, cidAll)
}

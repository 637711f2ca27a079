package consumer

import (
	"slices"

	"github.com/rocketmq-go/rocketmq/primitive"
)

// AllocateStrategy decides which queues of a topic one member of a consumer group gets. It is called with the
// group, the member's client id, all queues of the topic and the client ids of all members, both sorted, and returns
// queues of the former. All members must use the same strategy, and it must depend on nothing but its arguments:
// each member computes its own share, and only the same computation gives every queue to exactly one.
//
// The strategies of this package compute what the Java classes of the same name compute, so that members in both
// languages share a group. On input with which nothing can be computed (an empty client id, no queues, no members),
// where Java throws an exception, they return nil; a member that is not among the members, or for which nothing is
// left, gets an empty result that is not nil. They are pure functions, safe for concurrent use, and change none of
// their arguments.
type AllocateStrategy func(consumerGroup, currentCID string, mqAll []*primitive.MessageQueue, cidAll []string) []*primitive.MessageQueue

// allocatable reports whether there is anything to allocate; the input is wrong otherwise.
func allocatable(currentCID string, mqAll []*primitive.MessageQueue, cidAll []string) bool {
	return currentCID != "" && len(mqAll) > 0 && len(cidAll) > 0
}

// AllocateByAveragely gives each member neighbouring queues, as many as any other or one more: of 8 queues and 3
// members, queues 0–2, 3–5 and 6–7. It is the default (Java: AllocateMessageQueueAveragely).
func AllocateByAveragely(consumerGroup, currentCID string, mqAll []*primitive.MessageQueue, cidAll []string) []*primitive.MessageQueue {
	if !allocatable(currentCID, mqAll, cidAll) {
		return nil
	}
	result := []*primitive.MessageQueue{}
	index := slices.Index(cidAll, currentCID)
	if index < 0 {
		return result
	}
	share, left := len(mqAll)/len(cidAll), len(mqAll)%len(cidAll)
	start, end := index*share+left, (index+1)*share+left
	if index < left { // those at the front take one more
		start, end = index*(share+1), (index+1)*(share+1)
	}
	return append(result, mqAll[start:end]...)
}

// AllocateByAveragelyCircle deals the queues out like cards: of 8 queues and 3 members, queues 0, 3, 6, queues 1, 4,
// 7 and queues 2, 5 (Java: AllocateMessageQueueAveragelyByCircle).
func AllocateByAveragelyCircle(consumerGroup, currentCID string, mqAll []*primitive.MessageQueue, cidAll []string) []*primitive.MessageQueue {
	if !allocatable(currentCID, mqAll, cidAll) {
		return nil
	}
	result := []*primitive.MessageQueue{}
	index := slices.Index(cidAll, currentCID)
	if index < 0 {
		return result
	}
	for i := index; i < len(mqAll); i += len(cidAll) {
		result = append(result, mqAll[i])
	}
	return result
}

// AllocateByConfig always gives the member this list, whatever queues and members there are. It is up to the
// application that the members' lists do not overlap and leave no queue out (Java: AllocateMessageQueueByConfig).
func AllocateByConfig(list []*primitive.MessageQueue) AllocateStrategy {
	return func(consumerGroup, currentCID string, mqAll []*primitive.MessageQueue, cidAll []string) []*primitive.MessageQueue {
		return list
	}
}

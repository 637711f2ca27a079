package consumer

import "github.com/rocketmq-go/rocketmq/primitive"

// diff compares the queues that are held with those that should be. Its results are in the order of the inputs.
func diff(held, wanted []primitive.MessageQueue) (add, drop []primitive.MessageQueue) {
	want := make(map[primitive.MessageQueue]struct{}, len(wanted))
	for _, mq := range wanted {
		want[mq] = struct{}{}
	}
	have := make(map[primitive.MessageQueue]struct{}, len(held))
	for _, mq := range held {
		have[mq] = struct{}{}
		if _, ok := want[mq]; !ok {
			drop = append(drop, mq)
		}
	}
	for _, mq := range wanted {
		if _, ok := have[mq]; !ok {
			have[mq] = struct{}{} // a strategy that names a queue twice gets it once
			add = append(add, mq)
		}
	}
	return add, drop
}

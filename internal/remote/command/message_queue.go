package command

import "fmt"

// MessageQueue names one queue of one broker (Java: MessageQueue).
type MessageQueue struct {
	BrokerName string `json:"brokerName"`
	QueueID    int32  `json:"queueId"`
	Topic      string `json:"topic"`
}

// decodeQueueMap turns keys that wire.Normalize has made strings back into queues.
func decodeQueueMap[V any](m map[string]V) (map[MessageQueue]V, error) {
	queues := make(map[MessageQueue]V, len(m))
	for key, v := range m {
		var q MessageQueue
		if err := json.UnmarshalFromString(key, &q); err != nil {
			return nil, fmt.Errorf("key %.100q is not a message queue: %w", key, err)
		}
		queues[q] = v
	}
	return queues, nil
}

// encodeQueueMap writes queues as strings that hold JSON; wire.Fastjson makes objects of them.
func encodeQueueMap[V any](m map[MessageQueue]V) (map[string]V, error) {
	keys := make(map[string]V, len(m))
	for q, v := range m {
		key, err := json.MarshalToString(q)
		if err != nil {
			return nil, err
		}
		keys[key] = v
	}
	return keys, nil
}

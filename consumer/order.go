package consumer

import (
	"cmp"
	"slices"
	"unicode/utf16"

	"github.com/rocketmq-go/rocketmq/primitive"
)

// compareQueues orders queues as Java's MessageQueue.compareTo: all members must sort alike.
func compareQueues(a, b primitive.MessageQueue) int {
	return cmp.Or(compareUTF16(a.Topic, b.Topic), compareUTF16(a.BrokerName, b.BrokerName), cmp.Compare(a.QueueId, b.QueueId))
}

// compareUTF16 orders strings as Java's String.compareTo, by UTF-16 units. That differs from the order of bytes for
// characters beyond the basic plane only.
func compareUTF16(a, b string) int {
	if ascii(a) && ascii(b) {
		return cmp.Compare(a, b)
	}
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

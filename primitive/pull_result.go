package primitive

import (
	"fmt"
	"strconv"
)

// PullStatus says what came of a pull.
type PullStatus int

const (
	// PullFound says that there are messages.
	PullFound PullStatus = iota
	// PullNoNewMsg says that nothing is there yet at the offset.
	PullNoNewMsg
	// PullNoMsgMatched says that the filter let nothing through; go on at NextBeginOffset.
	PullNoMsgMatched
	// PullOffsetIllegal says that the queue has no such offset; go on at NextBeginOffset.
	PullOffsetIllegal
	// PullBrokerTimeout says that the broker did not answer in time.
	PullBrokerTimeout
)

// String returns Java's name of the status.
func (s PullStatus) String() string {
	switch s {
	case PullFound:
		return "FOUND"
	case PullNoNewMsg:
		return "NO_NEW_MSG"
	case PullNoMsgMatched:
		return "NO_MATCHED_MSG"
	case PullOffsetIllegal:
		return "OFFSET_ILLEGAL"
	case PullBrokerTimeout:
		return "BROKER_TIMEOUT"
	}
	return "PullStatus(" + strconv.Itoa(int(s)) + ")"
}

// PullResult is the answer to a pull.
type PullResult struct {
	// NextBeginOffset is where to pull next.
	NextBeginOffset int64
	// MinOffset and MaxOffset are the range of the queue.
	MinOffset int64
	MaxOffset int64
	Status    PullStatus
	// SuggestWhichBrokerId is the broker to pull from next: 0 the master, else a slave.
	SuggestWhichBrokerId int64

	messages []*MessageExt
}

// GetMessageExts returns the messages.
func (result *PullResult) GetMessageExts() []*MessageExt { return result.messages }

// SetMessageExts sets what GetMessageExts returns.
func (result *PullResult) SetMessageExts(messages []*MessageExt) { result.messages = messages }

// GetMessages returns the messages without what the broker added.
func (result *PullResult) GetMessages() []*Message {
	messages := make([]*Message, len(result.messages))
	for i, m := range result.messages {
		messages[i] = &m.Message
	}
	return messages
}

// String returns the result in one line, without the messages.
func (result *PullResult) String() string {
	if result == nil {
		return "PullResult [nil]"
	}
	return fmt.Sprintf("PullResult [pullStatus=%s, nextBeginOffset=%d, minOffset=%d, maxOffset=%d, msgFoundList=%d]",
		result.Status, result.NextBeginOffset, result.MinOffset, result.MaxOffset, len(result.messages))
}

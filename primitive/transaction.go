package primitive

import "strconv"

// LocalTransactionState is what a TransactionListener decides.
type LocalTransactionState int

const (
	// CommitMessageState delivers the message.
	CommitMessageState LocalTransactionState = iota + 1
	// RollbackMessageState drops the message.
	RollbackMessageState
	// UnknownState has the broker ask again later.
	UnknownState
)

// String returns the name of the state as message traces have it.
func (s LocalTransactionState) String() string {
	switch s {
	case CommitMessageState:
		return "COMMIT_MESSAGE"
	case RollbackMessageState:
		return "ROLLBACK_MESSAGE"
	case UnknownState:
		return "UNKNOWN"
	}
	return "LocalTransactionState(" + strconv.Itoa(int(s)) + ")"
}

// TransactionListener decides transactions. Its methods are called concurrently.
type TransactionListener interface {
	// ExecuteLocalTransaction runs the local transaction once the message is stored but not yet visible.
	ExecuteLocalTransaction(*Message) LocalTransactionState
	// CheckLocalTransaction tells what became of the local transaction, when a broker has not heard of it.
	CheckLocalTransaction(*MessageExt) LocalTransactionState
}

// TransactionSendResult is a SendResult with what became of the local transaction.
type TransactionSendResult struct {
	*SendResult
	State LocalTransactionState
}

// String returns the result in one line.
func (r *TransactionSendResult) String() string {
	if r == nil {
		return "TransactionSendResult [nil]"
	}
	return "TransactionSendResult [" + r.SendResult.String() + ", localTransactionState=" + r.State.String() + "]"
}

// MessageType is the kind of a message in traces and hooks.
type MessageType int

const (
	// NormalMsg is a plain message.
	NormalMsg MessageType = iota
	// TransMsgHalf is the message of a transaction before its end.
	TransMsgHalf
	// TransMsgCommit is the message of a committed transaction.
	TransMsgCommit
	// DelayMsg is a message that is delivered later.
	DelayMsg
)

// String returns Java's name of the type.
func (t MessageType) String() string {
	switch t {
	case NormalMsg:
		return "Normal_Msg"
	case TransMsgHalf:
		return "Trans_Msg_Half"
	case TransMsgCommit:
		return "Trans_msg_Commit"
	case DelayMsg:
		return "Delay_Msg"
	}
	return "MessageType(" + strconv.Itoa(int(t)) + ")"
}

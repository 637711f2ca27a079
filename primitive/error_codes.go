package primitive

import "github.com/rocketmq-go/rocketmq/errors"

// responseCode is what an error text says about a response code.
type responseCode struct {
	name     string // Java's
	hint     string // what to do
	sentinel error  // of package errors
}

// codeInfo returns the name, a hint and the sentinel of a response code (Java: ResponseCode,
// RemotingSysResponseCode).
func codeInfo(code int32) responseCode {
	switch code {
	case 1:
		return responseCode{name: "SYSTEM_ERROR", hint: "see the broker's log"}
	case 2:
		return responseCode{"SYSTEM_BUSY", "the broker has too much to do, try again later or give it more capacity", errors.ErrFlowControl}
	case 3:
		return responseCode{name: "REQUEST_CODE_NOT_SUPPORTED", hint: "the server is too old, or this address is not one of its kind"}
	case 4:
		return responseCode{name: "TRANSACTION_FAILED"}
	case 10:
		return responseCode{name: "FLUSH_DISK_TIMEOUT"}
	case 11:
		return responseCode{name: "SLAVE_NOT_AVAILABLE"}
	case 12:
		return responseCode{name: "FLUSH_SLAVE_TIMEOUT"}
	case 13:
		return responseCode{name: "MESSAGE_ILLEGAL", hint: "check the sizes of body and properties, the topic and the delay against the broker's limits"}
	case 14:
		return responseCode{name: "SERVICE_NOT_AVAILABLE", hint: "the broker cannot store now: check its disk and whether it is a slave or shutting down"}
	case 15:
		return responseCode{name: "VERSION_NOT_SUPPORTED", hint: "the server is too old"}
	case 16:
		return responseCode{"NO_PERMISSION", "check credentials, access control and the read and write permission of broker and topic", errors.ErrNoPermission}
	case 17:
		return responseCode{"TOPIC_NOT_EXIST", "create the topic (mqadmin updateTopic), or enable autoCreateTopicEnable on the broker", errors.ErrTopicNotExist}
	case 18:
		return responseCode{name: "TOPIC_EXIST_ALREADY"}
	case 19:
		return responseCode{name: "PULL_NOT_FOUND"}
	case 20:
		return responseCode{name: "PULL_RETRY_IMMEDIATELY"}
	case 21:
		return responseCode{name: "PULL_OFFSET_MOVED", hint: "the queue has no such offset, go on at the one that the broker names"}
	case 22:
		return responseCode{"QUERY_NOT_FOUND", "", errors.ErrNotExisted}
	case 23:
		return responseCode{name: "SUBSCRIPTION_PARSE_FAILED", hint: "check the subscription's expression"}
	case 24:
		return responseCode{name: "SUBSCRIPTION_NOT_EXIST", hint: "the broker has not heard of this subscription: all consumers of a group must subscribe to the same topics"}
	case 25:
		return responseCode{name: "SUBSCRIPTION_NOT_LATEST", hint: "all consumers of a group must have the same subscription"}
	case 26:
		return responseCode{name: "SUBSCRIPTION_GROUP_NOT_EXIST", hint: "create the consumer group (mqadmin updateSubGroup), or enable autoCreateSubscriptionGroup on the broker"}
	case 27:
		return responseCode{name: "FILTER_DATA_NOT_EXIST"}
	case 28:
		return responseCode{name: "FILTER_DATA_NOT_LATEST"}
	case 29:
		return responseCode{name: "INVALID_PARAMETER"}
	case 200:
		return responseCode{name: "TRANSACTION_SHOULD_COMMIT"}
	case 201:
		return responseCode{name: "TRANSACTION_SHOULD_ROLLBACK"}
	case 202:
		return responseCode{name: "TRANSACTION_STATE_UNKNOW"}
	case 203:
		return responseCode{name: "TRANSACTION_STATE_GROUP_WRONG"}
	case 204:
		return responseCode{name: "NO_BUYER_ID"}
	case 205:
		return responseCode{name: "NOT_IN_CURRENT_UNIT", hint: "the broker belongs to another unit"}
	case 206:
		return responseCode{name: "CONSUMER_NOT_ONLINE", hint: "no consumer of the group is connected"}
	case 207:
		return responseCode{name: "CONSUME_MSG_TIMEOUT"}
	case 208:
		return responseCode{name: "NO_MESSAGE"}
	case 209:
		return responseCode{name: "POLLING_FULL"}
	case 210:
		return responseCode{name: "POLLING_TIMEOUT"}
	case 211:
		return responseCode{"BROKER_NOT_EXIST", "", errors.ErrBrokerNotFound}
	case 212:
		return responseCode{name: "BROKER_DISPATCH_NOT_COMPLETE"}
	case 213:
		return responseCode{name: "BROADCAST_CONSUMPTION"}
	case 215:
		return responseCode{"FLOW_CONTROL", "the broker limits this, try again later", errors.ErrFlowControl}
	case 501:
		return responseCode{name: "NOT_LEADER_FOR_QUEUE", hint: "the queue has moved to another broker, the route is refreshed"}
	case 604:
		return responseCode{name: "ILLEGAL_OPERATION"}
	case 1500:
		return responseCode{name: "GO_AWAY", hint: "the server is shutting down"}
	case 3001:
		return responseCode{name: "USER_NOT_EXIST"}
	case 3002:
		return responseCode{name: "POLICY_NOT_EXIST"}
	}
	return responseCode{}
}

package command

import (
	"cmp"
	"slices"
	"strconv"
)

// ResponseText returns Java's name of a response code, such as TOPIC_NOT_EXIST, or CODE_ and the number.
func ResponseText(code int32) string {
	if r := findResponse(code); r != nil {
		return r.name
	}
	return "CODE_" + strconv.Itoa(int(code))
}

// ResponseMeaning says in a line what a response code means; it is empty for unknown codes.
func ResponseMeaning(code int32) string {
	if r := findResponse(code); r != nil {
		return r.meaning
	}
	return ""
}

// RetriableSend reports whether a send that got this code may be tried again, on another broker where there is one
// (Java: DefaultMQProducer.retryResponseCodes).
func RetriableSend(code int32) bool {
	r := findResponse(code)
	return r != nil && r.retrySend
}

type response struct {
	code          int32
	name, meaning string
	retrySend     bool
}

func findResponse(code int32) *response {
	i, ok := slices.BinarySearchFunc(responses, code, func(r response, code int32) int { return cmp.Compare(r.code, code) })
	if !ok {
		return nil
	}
	return &responses[i]
}

// responses is sorted by code.
var responses = []response{
	{RPCTimeOut, "RPC_TIME_OUT", "a call between servers timed out", false},
	{RPCSendToChannelFailed, "RPC_SEND_TO_CHANNEL_FAILED", "a call between servers could not be sent", false},
	{RPCAddrIsNull, "RPC_ADDR_IS_NULL", "a call between servers has no address", false},
	{RPCUnknown, "RPC_UNKNOWN", "a call between servers failed", false},
	{Success, "SUCCESS", "done", false},
	{SystemError, "SYSTEM_ERROR", "the server failed, or refuses for a reason that has no code; the remark says more", true},
	{SystemBusy, "SYSTEM_BUSY", "overloaded or busy for the moment", true},
	{RequestCodeNotSupported, "REQUEST_CODE_NOT_SUPPORTED", "the server does not know this request", false},
	{TransactionFailed, "TRANSACTION_FAILED", "transaction failed", false},
	{FlushDiskTimeout, "FLUSH_DISK_TIMEOUT", "stored, but not flushed to disk within the time allowed", false},
	{SlaveNotAvailable, "SLAVE_NOT_AVAILABLE", "stored, but no replica is there", false},
	{FlushSlaveTimeout, "FLUSH_SLAVE_TIMEOUT", "stored, but not on a replica within the time allowed", false},
	{MessageIllegal, "MESSAGE_ILLEGAL", "the message breaks a rule: topic, properties or body too long", false},
	{ServiceNotAvailable, "SERVICE_NOT_AVAILABLE", "the broker cannot serve: starting, stopping, a replica, or its disk is full", true},
	{VersionNotSupported, "VERSION_NOT_SUPPORTED", "the server does not support the version of the client", false},
	{NoPermission, "NO_PERMISSION", "not allowed: access control, or the broker, topic or group forbids it", true},
	{TopicNotExist, "TOPIC_NOT_EXIST", "the topic does not exist there", true},
	{TopicExistAlready, "TOPIC_EXIST_ALREADY", "the topic exists already", false},
	{PullNotFound, "PULL_NOT_FOUND", "no new message at this offset", false},
	{PullRetryImmediately, "PULL_RETRY_IMMEDIATELY", "messages were there but none matches: pull again from the next offset", false},
	{PullOffsetMoved, "PULL_OFFSET_MOVED", "the offset is outside of what the queue holds", false},
	{QueryNotFound, "QUERY_NOT_FOUND", "nothing found", false},
	{SubscriptionParseFailed, "SUBSCRIPTION_PARSE_FAILED", "the expression of the subscription does not parse", false},
	{SubscriptionNotExist, "SUBSCRIPTION_NOT_EXIST", "the group does not subscribe to the topic", false},
	{SubscriptionNotLatest, "SUBSCRIPTION_NOT_LATEST", "the broker knows an older subscription than the request states", false},
	{SubscriptionGroupNotExist, "SUBSCRIPTION_GROUP_NOT_EXIST", "the group does not exist", false},
	{FilterDataNotExist, "FILTER_DATA_NOT_EXIST", "the broker has no filter data for the group", false},
	{FilterDataNotLatest, "FILTER_DATA_NOT_LATEST", "the filter data of the broker is older than the request states", false},
	{InvalidParameter, "INVALID_PARAMETER", "a parameter is wrong", false},
	{TransactionShouldCommit, "TRANSACTION_SHOULD_COMMIT", "the transaction should be committed", false},
	{TransactionShouldRollback, "TRANSACTION_SHOULD_ROLLBACK", "the transaction should be rolled back", false},
	{TransactionStateUnknown, "TRANSACTION_STATE_UNKNOW", "the state of the transaction is unknown", false},
	{TransactionStateGroupWrong, "TRANSACTION_STATE_GROUP_WRONG", "the transaction belongs to another group", false},
	{NoBuyerID, "NO_BUYER_ID", "the message lacks a buyer id", true},
	{NotInCurrentUnit, "NOT_IN_CURRENT_UNIT", "the message belongs to another unit", true},
	{ConsumerNotOnline, "CONSUMER_NOT_ONLINE", "no consumer of the group is online", false},
	{ConsumeMsgTimeout, "CONSUME_MSG_TIMEOUT", "the consumer did not answer in time", false},
	{NoMessage, "NO_MESSAGE", "no such message", false},
	{PollingFull, "POLLING_FULL", "too many long polls wait", false},
	{PollingTimeout, "POLLING_TIMEOUT", "the long poll ended without a message", false},
	{BrokerNotExist, "BROKER_NOT_EXIST", "no such broker", false},
	{BrokerDispatchNotComplete, "BROKER_DISPATCH_NOT_COMPLETE", "the broker has not indexed its log yet", false},
	{BroadcastConsumption, "BROADCAST_CONSUMPTION", "the group broadcasts", false},
	{FlowControl, "FLOW_CONTROL", "the broker limits the rate", false},
	{NotLeaderForQueue, "NOT_LEADER_FOR_QUEUE", "another broker leads this queue now", false},
	{IllegalOperation, "ILLEGAL_OPERATION", "the operation is not allowed in this state", false},
	{GoAway, "GO_AWAY", "the server is shutting down: use another connection or broker", true},
	{ControllerFencedMasterEpoch, "CONTROLLER_FENCED_MASTER_EPOCH", "the epoch of the master is outdated", false},
	{ControllerFencedSyncStateSetEpoch, "CONTROLLER_FENCED_SYNC_STATE_SET_EPOCH", "the epoch of the replica set is outdated", false},
	{ControllerInvalidMaster, "CONTROLLER_INVALID_MASTER", "not the master the controller knows", false},
	{ControllerInvalidReplicas, "CONTROLLER_INVALID_REPLICAS", "not the replicas the controller knows", false},
	{ControllerMasterNotAvailable, "CONTROLLER_MASTER_NOT_AVAILABLE", "there is no master", false},
	{ControllerInvalidRequest, "CONTROLLER_INVALID_REQUEST", "the request to the controller is invalid", false},
	{ControllerBrokerNotAlive, "CONTROLLER_BROKER_NOT_ALIVE", "the broker is not alive", false},
	{ControllerNotLeader, "CONTROLLER_NOT_LEADER", "this controller does not lead", false},
	{ControllerBrokerMetadataNotExist, "CONTROLLER_BROKER_METADATA_NOT_EXIST", "the controller does not know the broker", false},
	{ControllerInvalidCleanBrokerMetadata, "CONTROLLER_INVALID_CLEAN_BROKER_METADATA", "the broker data cannot be cleaned", false},
	{ControllerBrokerNeedToBeRegistered, "CONTROLLER_BROKER_NEED_TO_BE_REGISTERED", "the broker must register first", false},
	{ControllerMasterStillExist, "CONTROLLER_MASTER_STILL_EXIST", "the master still exists", false},
	{ControllerElectMasterFailed, "CONTROLLER_ELECT_MASTER_FAILED", "no master could be elected", false},
	{ControllerAlterSyncStateSetFailed, "CONTROLLER_ALTER_SYNC_STATE_SET_FAILED", "the replica set could not be changed", false},
	{ControllerBrokerIDInvalid, "CONTROLLER_BROKER_ID_INVALID", "the broker id is invalid", false},
	{ControllerJRaftInternalError, "CONTROLLER_JRAFT_INTERNAL_ERROR", "the consensus layer of the controller failed", false},
	{ControllerBrokerLiveInfoNotExists, "CONTROLLER_BROKER_LIVE_INFO_NOT_EXISTS", "nothing is known about the broker being alive", false},
	{UserNotExist, "USER_NOT_EXIST", "no such user", false},
	{PolicyNotExist, "POLICY_NOT_EXIST", "no such access rule", false},
}

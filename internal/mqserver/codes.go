package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// The response codes given here, under short names.
const (
	codeSuccess            = command.Success
	codeSystemError        = command.SystemError
	codeSystemBusy         = command.SystemBusy
	codeNotSupported       = command.RequestCodeNotSupported
	codeMessageIllegal     = command.MessageIllegal
	codeNoPermission       = command.NoPermission
	codeTopicNotExist      = command.TopicNotExist
	codePullNotFound       = command.PullNotFound
	codePullRetry          = command.PullRetryImmediately
	codePullOffsetMoved    = command.PullOffsetMoved
	codeQueryNotFound      = command.QueryNotFound
	codeParseFailed        = command.SubscriptionParseFailed
	codeSubNotExist        = command.SubscriptionNotExist
	codeSubNotLatest       = command.SubscriptionNotLatest
	codeGroupNotExist      = command.SubscriptionGroupNotExist
	codeInvalidParameter   = command.InvalidParameter
	codeConsumerNotOnline  = command.ConsumerNotOnline
	codeFilterDataNotExist = command.FilterDataNotExist
)

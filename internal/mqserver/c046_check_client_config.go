package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 46 CHECK_CLIENT_CONFIG (ClientManageProcessor.checkClientConfig): whether the broker can serve a subscription. Tags
// are fine; everything else is refused as by a broker with enablePropertyFilter=false, which is the default.
//
// Left out: SQL92.
func (b *broker) c046CheckClientConfig(r *request) {
	var body command.CheckClientConfigBody
	if len(r.Body) > 0 && !r.decodeBody(&body) {
		return
	}
	if !isTagType(body.SubscriptionData.ExpressionType) {
		r.fail(codeSystemError, noPropertyFilter(body.SubscriptionData.ExpressionType))
		return
	}
	r.ok()
}

package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 200 UPDATE_AND_CREATE_SUBSCRIPTIONGROUP (AdminBrokerProcessor.updateAndCreateSubscriptionGroup): creates a consumer
// group or changes it.
//
// Left out: settings that nothing here looks at (consumeFromMinEnable, consumeMessageOrderly, consumeTimeoutMinute,
// groupRetryPolicy, attributes, fixed subscriptions) are accepted and forgotten.
func (b *broker) c200UpdateAndCreateSubscriptionGroup(r *request) {
	var c command.SubscriptionGroupConfig
	if !r.decodeBody(&c) {
		return
	}
	if text := checkGroup(c.GroupName); text != "" {
		r.fail(codeInvalidParameter, text)
		return
	}
	b.groups.put(groupConfig{
		name: c.GroupName, consumeEnable: c.ConsumeEnable, broadcastEnable: c.ConsumeBroadcastEnable,
		notifyChanges: c.NotifyConsumerIDsChangedEnable, retryQueues: clampQueues(c.RetryQueueNums),
		retryMax: c.RetryMaxTimes, brokerID: c.BrokerID, sysFlag: c.GroupSysFlag,
	})
	r.ok()
}

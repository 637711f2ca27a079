package consumer

import (
	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
)

// GetcType returns CONSUME_PASSIVELY, as rocketmq-client-go's push consumer does.
func (p *PushConsumer) GetcType() string { return command.ConsumePassively }

// GetModel returns the message model's name.
func (p *PushConsumer) GetModel() string { return p.opts.model.String() }

// GetWhere returns the name of the place where a new group begins.
func (p *PushConsumer) GetWhere() string { return p.opts.fromWhere.String() }

// IsUnitMode returns false: unit mode, a setting of Java consumers that has nothing to do with WithUnitName, is off.
func (p *PushConsumer) IsUnitMode() bool { return false }

// PersistConsumerOffset begins to store offsets at once instead of at the next interval of 5 s.
func (p *PushConsumer) PersistConsumerOffset() error {
	s := p.session.Load()
	if s == nil || !s.loop.do(s.commitAll) {
		return rmqerrors.ErrNotRunning
	}
	return nil
}

// Rebalance looks at once whether the queues are shared as they should be. It does not wait for the result.
func (p *PushConsumer) Rebalance() {
	if s := p.session.Load(); s != nil {
		s.rebalance.Set()
	}
}

// RebalanceIfNotPaused is Rebalance, unless the consumer is suspended.
func (p *PushConsumer) RebalanceIfNotPaused() {
	if !p.suspended.Load() {
		p.Rebalance()
	}
}

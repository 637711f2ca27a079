package producer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"runtime"
	"time"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/internal/namespace"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/internal/route"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

const (
	// probeTimeout bounds what Start waits for: a cluster that does not answer is
	// not a reason to keep an application from starting.
	probeTimeout = time.Second
	// routingWorkers is how many sends may wait for name servers at a time. More
	// would not help: queries for one topic are one query.
	routingWorkers = 8
	// minCallbackWorkers keeps one callback that blocks from blocking all.
	minCallbackWorkers = 4
)

var (
	errNotStarted = fmt.Errorf("%w: call Start first", rmqerrors.ErrNotRunning)
	errShutdown   = fmt.Errorf("%w: %w, Shutdown was called; make a new producer", rmqerrors.ErrNotRunning, rmqerrors.ErrClosed)
)

func (p *DefaultProducer) notRunning() error {
	switch p.state.Phase() {
	case lifecycle.PhaseStopping, lifecycle.PhaseStopped:
		return errShutdown
	default:
		return errNotStarted
	}
}

// Start connects the producer. It succeeds when the cluster is down for the
// moment, as the Java client does, and then logs a warning; sends work once the
// cluster is back. It fails when waiting would not help: name servers are not
// configured, credentials are refused, a TLS handshake fails, or the group exists
// in a shared client already. After an error Start may be called again.
//
// Calling Start on a started producer does nothing. A producer that was shut down
// cannot be started again; the error matches errors.ErrClosed.
func (p *DefaultProducer) Start() error {
	p.starting.Lock()
	defer p.starting.Unlock()
	switch err := p.state.Start(p.start); {
	case errors.Is(err, lifecycle.ErrAlreadyStarted) && p.state.Running():
		return nil
	case errors.Is(err, lifecycle.ErrStopped), errors.Is(err, lifecycle.ErrAlreadyStarted):
		return fmt.Errorf("producer: start: %w", errShutdown)
	case err != nil:
		return fmt.Errorf("producer: start: %w", err)
	}
	return nil
}

func (p *DefaultProducer) start() error {
	ctx, cancel := context.WithTimeout(context.Background(), probeTimeout)
	defer cancel()
	if err := p.client.Acquire(ctx); err != nil {
		return err
	}
	p.remote, p.routes = p.client.Remote(), p.client.Routes()
	err := p.client.RegisterProducer(p.group, p)
	if err == nil {
		if err = p.probe(ctx); err == nil {
			p.ready()
			return nil
		}
		// Best effort: it is the error of the start that counts.
		_ = p.client.UnregisterProducer(ctx, p.group)
	}
	return errors.Join(err, p.client.Release(context.Background()))
}

// ready makes the goroutine owners of asynchronous sends. They have no goroutine
// as long as there is no work.
func (p *DefaultProducer) ready() {
	p.work = lifecycle.NewGroup("producer " + p.group)
	p.callbacks = lifecycle.NewExecutor(p.work, "producer-callback", callbackWorkers(), p.opts.asyncMessages)
	p.routing = lifecycle.NewExecutor(p.work, "producer-route", routingWorkers, p.opts.asyncMessages)
	p.retries = newRetryQueue(p.work, (*send).again)
}

func callbackWorkers() int { return max(minCallbackWorkers, runtime.GOMAXPROCS(0)) }

// probe asks for routes and introduces the producer to the brokers that are known
// then. It returns only what will not get better by itself.
func (p *DefaultProducer) probe(ctx context.Context) error {
	// The topic for automatic creation names every broker that creates topics.
	topics := []string{route.DefaultTopic}
	for _, t := range p.opts.topics {
		topics = append(topics, namespace.Wrap(p.namespace, t))
	}
	for _, t := range topics {
		_, err := p.client.Routes().Topic(ctx, t)
		switch {
		case err == nil, errors.Is(err, rmqerrors.ErrTopicNotExist):
			continue
		case hopeless(err):
			return err
		}
		p.warn("the name servers do not answer yet; the producer is started and will go on trying", err)
		break
	}
	if err := p.client.HeartbeatNow(ctx); err != nil {
		var refused *primitive.BrokerError
		switch {
		case errors.As(err, &refused) && refusedCredentials(refused.Code, refused.Remark):
			return fmt.Errorf("%w: %w", rmqerrors.ErrNoPermission, err)
		case hopeless(err):
			return err
		}
		p.warn("no broker accepts the producer yet; it is started and will go on trying", err)
	}
	return nil
}

func (p *DefaultProducer) warn(msg string, err error) {
	p.log.Warning(msg, map[string]interface{}{
		rlog.LogKeyProducerGroup: p.opts.group,
		rlog.LogKeyUnderlayError: err.Error(),
	})
}

// hopeless says whether an error means a wrong configuration.
func hopeless(err error) bool {
	var refused *primitive.BrokerError
	if errors.As(err, &refused) {
		return refused.Code == command.NoPermission || refusedCredentials(refused.Code, refused.Remark)
	}
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		name         x509.HostnameError
		invalid      x509.CertificateInvalidError
		alert        tls.AlertError
		notTLS       tls.RecordHeaderError
		frame        *wire.FrameError
	)
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &name) ||
		errors.As(err, &invalid) || errors.As(err, &alert) || errors.As(err, &notTLS) ||
		errors.As(err, &frame) || errors.Is(err, rmqerrors.ErrNoNameserver)
}

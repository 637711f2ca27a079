package instance

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/internal/route"
)

// run is a client between one start and the stop after it: connections, routes, and the loop that sends heartbeats.
type run struct {
	client *Client
	remote *remote.Client
	routes *route.Table
	group  *lifecycle.Group
	wake   *lifecycle.Signal // connected or notified have grown
	beats  *beats

	mu        sync.Mutex
	connected map[string]time.Time // addresses with a new connection, and since when
	notified  map[string]struct{}  // groups whose members have changed
}

// newRun puts a run together. It starts nothing.
func newRun(c *Client) (*run, error) {
	r := &run{
		client:    c,
		group:     lifecycle.NewGroup("client " + c.id),
		wake:      lifecycle.NewSignal(),
		connected: make(map[string]time.Time),
		notified:  make(map[string]struct{}),
	}
	cfg := &c.cfg
	var err error
	r.remote, err = remote.New(remote.Config{
		Serialization:  cfg.Serialization,
		TLS:            cfg.TLS,
		Dial:           cfg.Dial,
		ConnectTimeout: cfg.ConnectTimeout,
		RequestTimeout: cfg.RequestTimeout,
		WriteTimeout:   cfg.WriteTimeout,
		IdleTimeout:    cfg.IdleTimeout,
		MaxInflight:    cfg.MaxInflight,
		Hooks:          cfg.Hooks,
		Signer:         cfg.signer(),
		VIPChannel:     cfg.VIPChannel,
		OnConnect:      r.onConnect,
		Logger:         cfg.Logger,
	})
	if err != nil {
		return nil, err
	}
	r.beats = newBeats(r)
	r.remote.Handle(command.CodeNotifyConsumerIDsChanged, r.onConsumerIDsChanged)
	r.routes, err = route.New(route.Config{
		Remote:          r.remote,
		Resolver:        cfg.Resolver,
		RefreshInterval: cfg.RouteInterval,
		Timeout:         cfg.RequestTimeout,
		MapAddr:         cfg.MapAddr,
		Logger:          cfg.Logger,
	})
	return r, err
}

func (r *run) start() error {
	if err := r.routes.Start(); err != nil {
		return err
	}
	if !r.group.Go("heartbeat", r.loop) {
		return lifecycle.ErrStopped
	}
	return nil
}

// stop ends everything, also of a run whose start failed. All parts are told before any is waited for.
func (r *run) stop(ctx context.Context) error {
	r.group.Cancel()
	err := r.routes.Stop(ctx)
	return errors.Join(err, r.remote.Shutdown(ctx), r.group.Wait(ctx))
}

// onConnect notes a new connection; the loop sends the heartbeat.
func (r *run) onConnect(addr string, up time.Time) {
	r.mu.Lock()
	r.connected[addr] = up
	r.mu.Unlock()
	r.wake.Set()
}

// onConsumerIDsChanged handles NOTIFY_CONSUMER_IDS_CHANGED (Java: ClientRemotingProcessor.notifyConsumerIdsChanged).
// A group of many members that restarts sends one for each of them.
func (r *run) onConsumerIDsChanged(_ context.Context, _ string, cmd *wire.Command) *remote.Reply {
	var req command.NotifyConsumerIDsChangedRequest
	if err := cmd.DecodeFields(&req); err != nil || req.ConsumerGroup == "" {
		return nil // it is one-way: there is nobody to tell
	}
	r.mu.Lock()
	r.notified[req.ConsumerGroup] = struct{}{}
	r.mu.Unlock()
	r.wake.Set()
	return nil
}

// loop sends heartbeats each interval and to new connections, and passes notices on.
func (r *run) loop(ctx context.Context) {
	tick := time.NewTicker(r.client.cfg.HeartbeatInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			r.beats.round()
		case <-r.wake.C():
			connected, groups := r.news()
			r.beats.greet(connected)
			for _, cons := range r.client.consumersOf(groups) {
				cons.ConsumerIDsChanged()
			}
		}
	}
}

// news takes what was noted since the last call.
func (r *run) news() (connected map[string]time.Time, groups []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	connected = r.connected
	groups = slices.Collect(maps.Keys(r.notified))
	r.connected = make(map[string]time.Time)
	r.notified = make(map[string]struct{})
	return connected, groups
}

// target is one address of a broker.
type target struct {
	broker string
	addr   string
}

// targets lists the addresses of all known brokers, or of their masters.
func (r *run) targets(replicas bool) []target {
	var out []target
	for _, b := range r.routes.Brokers() {
		for id, addr := range b.Addrs {
			if replicas || id == route.MasterID {
				out = append(out, target{broker: b.Name, addr: addr})
			}
		}
	}
	return out
}

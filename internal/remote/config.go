package remote

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// Config says how a Client behaves. The zero value is valid. It is copied by New, TLS included, so
// that two clients never share a setting by accident.
type Config struct {
	// Serialization of the headers that are sent; what arrives may use either. Requests whose code
	// does not fit the 16 bits of the binary header (POP) always go as JSON.
	Serialization wire.Serialization

	// Language stated in the headers. The zero value means wire.LanguageGo.
	Language wire.Language

	// TLS, when not nil, is used for every connection. An empty ServerName is filled in with the
	// host of the address that is dialled.
	TLS *tls.Config

	// Dial opens the TCP connection (before TLS). Nil means net.Dialer. It should end when ctx does.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	// ConnectTimeout bounds the dial and the TLS handshake together. Default 3 s, as in Java's
	// NettyClientConfig.
	ConnectTimeout time.Duration

	// RequestTimeout applies to a request with neither a Deadline nor a context deadline. Default
	// 3 s (Java: mqClientApiTimeout).
	RequestTimeout time.Duration

	// WriteTimeout bounds one write call to the socket; a peer that reads nothing for so long loses
	// its connection. Default 5 s.
	WriteTimeout time.Duration

	// IdleTimeout closes a connection on which nothing was read and nothing written. Default 120 s,
	// as in Java's NettyClientConfig and on the broker.
	IdleTimeout time.Duration

	// SilenceTimeout is when a connection counts as dead because its peer is silent: a request has
	// timed out, and not one byte was read in the SilenceTimeout since that request (or an earlier one that
	// timed out in the same silence) was written. Default 2 s. Java closes the connection at each
	// timeout of a synchronous call, which fails the requests of others on a peer that is merely slow.
	SilenceTimeout time.Duration

	// FrameTimeout bounds the time from the first byte of a frame to its last; one that stops
	// altogether is found within twice that time. Default 30 s.
	FrameTimeout time.Duration

	// BackoffMin and BackoffMax bound the pause between failed attempts to reach an address; it
	// doubles from one to the other, with jitter. Meanwhile requests to that address fail at once
	// with the last error. Defaults 50 ms and 2 s.
	BackoffMin, BackoffMax time.Duration

	// MaxFrameSize is the largest frame sent or accepted, in bytes. Default wire.MaxFrameSize.
	MaxFrameSize int

	// MaxInflight bounds the requests to one address that wait for an answer or for being written.
	// At the bound callers wait. Default 65535, as Java's semaphores, but for each address, so that
	// one that does not answer takes nothing from the others.
	MaxInflight int

	// HandlerWorkers and HandlerQueue bound the execution of requests that come from brokers: how
	// many run at a time and how many wait. Beyond that they are answered SYSTEM_BUSY. Defaults 4
	// and 1024.
	HandlerWorkers, HandlerQueue int

	// NamespaceV2, when not empty, is added to each request as the fields nsd=true and ns (Java:
	// NamespaceRpcHook).
	NamespaceV2 string

	// Stream adds the field ReqT that marks the requests of pull consumers (Java:
	// StreamTypeRPCHook).
	Stream bool

	// Hooks see each request before it is signed, in this order, after NamespaceV2 and Stream.
	Hooks []Hook

	// Signer, when not nil, signs each request after all Hooks.
	Signer Signer

	// VIPChannel sends requests marked Request.VIP to the port two below the address's (Java:
	// MixAll.brokerVIPChannel).
	VIPChannel bool

	// OnConnect is called, on a goroutine of its own, when a new connection to addr is in use, which
	// has been up since the given time. It may send requests. Not called for VIP connections.
	OnConnect func(addr string, up time.Time)

	// Logger gets at most one line for a lost connection or for a streak of failed dials. Nil means
	// rlog.Default().
	Logger rlog.Logger
}

// withDefaults returns a copy with every zero value replaced, or an error that names a bad field.
func (cfg Config) withDefaults() (Config, error) {
	var errs []error
	for _, d := range []struct {
		name  string
		value *time.Duration
		unset time.Duration
	}{
		{"ConnectTimeout", &cfg.ConnectTimeout, 3 * time.Second},
		{"RequestTimeout", &cfg.RequestTimeout, 3 * time.Second},
		{"WriteTimeout", &cfg.WriteTimeout, 5 * time.Second},
		{"IdleTimeout", &cfg.IdleTimeout, 120 * time.Second},
		{"SilenceTimeout", &cfg.SilenceTimeout, 2 * time.Second},
		{"FrameTimeout", &cfg.FrameTimeout, 30 * time.Second},
		{"BackoffMin", &cfg.BackoffMin, 50 * time.Millisecond},
		{"BackoffMax", &cfg.BackoffMax, max(2*time.Second, cfg.BackoffMin)},
	} {
		if *d.value < 0 {
			errs = append(errs, fmt.Errorf("remote: %s is %v, must not be negative", d.name, *d.value))
		}
		if *d.value == 0 {
			*d.value = d.unset
		}
	}
	if cfg.BackoffMax < cfg.BackoffMin {
		errs = append(errs, fmt.Errorf("remote: BackoffMax %v is below BackoffMin %v", cfg.BackoffMax, cfg.BackoffMin))
	}
	for _, n := range []struct {
		name  string
		value *int
		unset int
		limit int
	}{
		{"MaxFrameSize", &cfg.MaxFrameSize, wire.MaxFrameSize, 1 << 30},
		{"MaxInflight", &cfg.MaxInflight, 65535, 1 << 24},
		{"HandlerWorkers", &cfg.HandlerWorkers, 4, 1 << 16},
		{"HandlerQueue", &cfg.HandlerQueue, 1024, 1 << 20},
	} {
		if *n.value < 0 || *n.value > n.limit {
			errs = append(errs, fmt.Errorf("remote: %s is %d, must be 0 (default) to %d", n.name, *n.value, n.limit))
		}
		if *n.value == 0 {
			*n.value = n.unset
		}
	}
	if cfg.Serialization != wire.JSON && cfg.Serialization != wire.RocketMQ {
		errs = append(errs, fmt.Errorf("remote: unknown serialization %d", cfg.Serialization))
	}
	if cfg.Language == 0 {
		cfg.Language = wire.LanguageGo
	}
	if cfg.TLS != nil {
		cfg.TLS = cfg.TLS.Clone()
	}
	if cfg.Dial == nil {
		cfg.Dial = new(net.Dialer).DialContext
	}
	if cfg.Logger == nil {
		cfg.Logger = rlog.Default()
	}
	cfg.Hooks = slices.Clone(cfg.Hooks)
	return cfg, errors.Join(errs...)
}

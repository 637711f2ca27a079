package route

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// Resolver says where the name servers are. A Table calls it before its first query, each refresh interval, and when
// no name server answers; never twice at a time. An error or an empty answer leaves the known list as it is.
// Addresses have the forms that ParseAddrs accepts.
type Resolver interface {
	Resolve(ctx context.Context) ([]string, error)
}

// ResolverFunc is a function as Resolver.
type ResolverFunc func(ctx context.Context) ([]string, error)

// Resolve calls f.
func (f ResolverFunc) Resolve(ctx context.Context) ([]string, error) { return f(ctx) }

// invalidator is a Resolver that keeps its answers, and can be told that they are of no use.
type invalidator interface{ invalidate() }

// StaticResolver always answers addrs. It fails when there is none, or one that cannot be an address.
func StaticResolver(addrs ...string) (Resolver, error) {
	list, err := ParseAddrs(addrs...)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%w: give at least one name server, such as 127.0.0.1:9876", rmqerrors.ErrNoNameserver)
	}
	return ResolverFunc(func(context.Context) ([]string, error) { return list, nil }), nil
}

// EnvName is the environment variable that EnvResolver reads (Java: MixAll.NAMESRV_ADDR_ENV).
const EnvName = "NAMESRV_ADDR"

// EnvResolver answers what the environment variable NAMESRV_ADDR holds at the time.
func EnvResolver() Resolver {
	return ResolverFunc(func(context.Context) ([]string, error) {
		list, err := ParseAddrs(os.Getenv(EnvName))
		if err == nil && len(list) == 0 {
			err = fmt.Errorf("%w: configure name servers, or set %s", rmqerrors.ErrNoNameserver, EnvName)
		}
		return list, err
	})
}

// contextResolver is a primitive.NsResolver that can be cancelled and can say why it failed.
type contextResolver interface {
	ResolveContext(ctx context.Context) ([]string, error)
}

// FromNsResolver makes a Resolver of a primitive.NsResolver. Its answers are kept for 120 s, because the resolvers of
// that interface ask an HTTP endpoint with every call; they are asked again earlier when no name server answers.
// When it has a method ResolveContext(ctx) ([]string, error), that one is called.
func FromNsResolver(r primitive.NsResolver) Resolver {
	return &polled{resolve: func(ctx context.Context) ([]string, error) {
		if c, ok := r.(contextResolver); ok {
			return c.ResolveContext(ctx)
		}
		list := r.Resolve()
		if len(list) == 0 {
			return nil, fmt.Errorf("%w: resolver %q found none", rmqerrors.ErrNoNameserver, r.Description())
		}
		return list, nil
	}}
}

// resolveSRV replaces DNS SRV names (_service._proto.name) in list by the hosts and ports they stand for, which are
// host names again and are resolved at each dial. A name that cannot be looked up is left out; when nothing is left
// the error says so.
func resolveSRV(ctx context.Context, list []string, lookup func(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)) ([]string, error) {
	out := make([]string, 0, len(list))
	var failed error
	for _, a := range list {
		if !strings.HasPrefix(a, "_") {
			out = append(out, a)
			continue
		}
		_, records, err := lookup(ctx, "", "", a)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("name server SRV name %q: %w", a, err))
			continue
		}
		for _, r := range records {
			out = append(out, net.JoinHostPort(strings.TrimSuffix(r.Target, "."), strconv.Itoa(int(r.Port))))
		}
	}
	if len(out) == 0 {
		return nil, failed
	}
	return out, nil
}

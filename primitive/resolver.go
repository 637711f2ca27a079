package primitive

import "os"

// NsResolver finds name servers. Resolve is called again from time to time and must be safe for concurrent use; an
// empty list means that nothing is known now and leaves a client with what it had.
type NsResolver interface {
	Resolve() []string
	Description() string
}

// StaticResolver returns a fixed list.
type StaticResolver struct{ addrs []string }

// NewStaticResolver returns a resolver of these addresses.
func NewStaticResolver(addrs ...string) *StaticResolver {
	return &StaticResolver{addrs: append([]string(nil), addrs...)}
}

// Resolve returns the list.
func (s *StaticResolver) Resolve() []string { return append([]string(nil), s.addrs...) }

// Description names the resolver and its list.
func (s *StaticResolver) Description() string {
	return "static resolver of " + NamesrvAddr(s.addrs).String()
}

// String is Description.
func (s StaticResolver) String() string { return s.Description() }

// EnvResolver reads the environment variable NAMESRV_ADDR: addresses with ";" between them.
type EnvResolver struct{}

// NewEnvResolver returns an EnvResolver.
func NewEnvResolver() *EnvResolver { return &EnvResolver{} }

// Resolve returns the addresses, nil when the variable is not set.
func (e *EnvResolver) Resolve() []string { return splitAddrs(os.Getenv("NAMESRV_ADDR")) }

// Description names the resolver.
func (e *EnvResolver) Description() string { return "env resolver of var NAMESRV_ADDR" }

// String is Description.
func (e EnvResolver) String() string { return e.Description() }

// PassthroughResolver returns a fixed list or, when that is empty, what the environment variable NAMESRV_ADDR says. The
// zero value returns nothing.
type PassthroughResolver struct {
	addr     []string
	fallback NsResolver
}

// NewPassthroughResolver returns a resolver of a fixed list or, when that is empty, of the environment variable
// NAMESRV_ADDR.
func NewPassthroughResolver(addr []string) *PassthroughResolver {
	return &PassthroughResolver{addr: append([]string(nil), addr...), fallback: NewEnvResolver()}
}

// Resolve returns the list, or what the environment says.
func (p *PassthroughResolver) Resolve() []string {
	if len(p.addr) > 0 {
		return append([]string(nil), p.addr...)
	}
	if p.fallback == nil {
		return nil
	}
	return p.fallback.Resolve()
}

// Description names the resolver and its list.
func (p *PassthroughResolver) Description() string {
	description := "passthrough resolver of " + NamesrvAddr(p.addr).String()
	if len(p.addr) == 0 && p.fallback != nil {
		description += "nothing, so " + p.fallback.Description()
	}
	return description
}

// String is Description.
func (p *PassthroughResolver) String() string {
	if p == nil {
		return "passthrough resolver [nil]"
	}
	return p.Description()
}

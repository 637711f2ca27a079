package mqserver

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"sync"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
)

// server is one listening address: a name server, a master or a slave. It can be stopped and started again on the
// same port.
type server struct {
	cluster *Cluster
	broker  string // empty: a name server
	handle  func(*request)
	closed  func(*conn) // a connection is gone

	mu      sync.Mutex
	addr    netip.AddrPort // port 0 until the first start
	group   *lifecycle.Group
	ln      net.Listener
	conns   map[*conn]struct{}
	running bool
}

func newServer(c *Cluster, broker string, addr netip.AddrPort) *server {
	return &server{cluster: c, broker: broker, addr: addr, closed: func(*conn) {}, conns: map[*conn]struct{}{}}
}

func (s *server) address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addr.String()
}

func (s *server) isRunning() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running
}

// start listens and serves. It reports false when the server was running already.
func (s *server) start() (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running {
		return false, nil
	}
	ln, err := s.listen()
	if err != nil {
		return false, fmt.Errorf("mqserver: listen on %s: %w", s.addr, err)
	}
	if a, ok := ln.Addr().(*net.TCPAddr); ok {
		s.addr = netip.AddrPortFrom(s.addr.Addr(), uint16(a.Port))
	}
	s.ln = ln
	s.group = lifecycle.NewGroup("mqserver " + s.broker + " " + s.addr.String())
	s.running = true
	s.group.Go("accept", func(ctx context.Context) { s.accept(ctx, ln, s.group) })
	return true, nil
}

// listen insists for a while on a port that this server had before.
func (s *server) listen() (net.Listener, error) {
	ctx, cancel := context.WithTimeout(context.Background(), relistenFor)
	defer cancel()
	for {
		ln, err := net.Listen("tcp", s.addr.String())
		if err == nil || s.ln == nil || lifecycle.Sleep(ctx, relistenPause) != nil {
			return ln, err
		}
	}
}

// stop closes the listener and all connections and joins their goroutines. It reports false when the server was not
// running.
func (s *server) stop() (bool, error) {
	s.mu.Lock()
	if !s.running {
		s.mu.Unlock()
		return false, nil
	}
	s.running = false
	group := s.group
	_ = s.ln.Close()
	s.mu.Unlock()
	group.Cancel()
	s.closeConns()
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	return true, group.Stop(ctx)
}

func (s *server) closeConns() {
	s.mu.Lock()
	conns := make([]*conn, 0, len(s.conns))
	for c := range s.conns {
		conns = append(conns, c)
	}
	s.mu.Unlock()
	for _, c := range conns {
		c.close()
	}
}

func (s *server) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

func (s *server) accept(ctx context.Context, ln net.Listener, group *lifecycle.Group) {
	for {
		nc, err := ln.Accept()
		if err != nil {
			if ctx.Err() == nil { // out of file descriptors, say: the clients will come again
				if lifecycle.Sleep(ctx, relistenPause) == nil {
					continue
				}
			}
			return
		}
		s.serve(ctx, nc, group)
	}
}

func (s *server) serve(ctx context.Context, nc net.Conn, group *lifecycle.Group) {
	if s.cluster.cfg.TLS != nil {
		nc = tls.Server(nc, s.cluster.cfg.TLS) // shakes hands with the first read
	}
	c := newConn(s, nc)
	s.mu.Lock()
	if !s.running || ctx.Err() != nil {
		s.mu.Unlock()
		_ = nc.Close()
		return
	}
	s.conns[c] = struct{}{}
	s.mu.Unlock()
	if !group.Go("write "+c.from, c.write) || !group.Go("read "+c.from, c.read) {
		s.gone(c)
	}
}

// gone forgets a connection whose reader has ended.
func (s *server) gone(c *conn) {
	c.close()
	s.mu.Lock()
	_, was := s.conns[c]
	delete(s.conns, c)
	s.mu.Unlock()
	if was {
		s.closed(c)
	}
}

// receive puts the hooks in front of the handler.
func (s *server) receive(r *request) {
	s.cluster.counts.add(r.Code)
	if s.cluster.hooks.intercept(s, r) {
		return
	}
	s.handle(r)
}

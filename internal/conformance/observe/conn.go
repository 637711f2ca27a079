package observe

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// defaultTimeout bounds a request whose context has no deadline.
const defaultTimeout = 10 * time.Second

// Conn is one connection to a name server or broker that sends one request at a
// time. It may be used by several goroutines.
type Conn struct {
	addr          string
	serialization wire.Serialization

	mu     sync.Mutex
	conn   net.Conn
	reader *wire.Reader
	opaque int32
}

// Dial connects to addr. Requests go out in the given header serialization.
func Dial(ctx context.Context, addr string, s wire.Serialization) (*Conn, error) {
	return dial(ctx, addr, s, nil)
}

func dial(ctx context.Context, addr string, s wire.Serialization, config *tls.Config) (*Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	var d interface {
		DialContext(ctx context.Context, network, addr string) (net.Conn, error)
	} = &net.Dialer{}
	if config != nil {
		d = &tls.Dialer{Config: config}
	}
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &Conn{addr: addr, serialization: s, conn: c, reader: wire.NewReader(c, wire.MaxFrameSize)}, nil
}

// Close closes the connection.
func (c *Conn) Close() error { return c.conn.Close() }

// Invoke sends one request and waits for its answer. Requests that the server
// sends meanwhile are passed over.
func (c *Conn) Invoke(ctx context.Context, code int32, header wire.FieldAppender, body []byte) (*wire.Command, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	opaque, err := c.write(ctx, code, 0, header, body)
	if err != nil {
		return nil, err
	}
	for {
		cmd, err := c.read()
		if err != nil {
			return nil, fmt.Errorf("request %d to %s: %w", code, c.addr, err)
		}
		if cmd.IsResponse() && cmd.Opaque == opaque {
			return cmd, nil
		}
	}
}

// Request returns the first request with the given code that the server sends
// on this connection within ctx.
func (c *Conn) Request(ctx context.Context, code int32) (*wire.Command, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.setDeadline(ctx); err != nil {
		return nil, err
	}
	for {
		cmd, err := c.read()
		if err != nil {
			return nil, fmt.Errorf("waiting for request %d from %s: %w", code, c.addr, err)
		}
		if !cmd.IsResponse() && cmd.Code == code {
			return cmd, nil
		}
	}
}

// OneWay sends a request that is not answered.
func (c *Conn) OneWay(ctx context.Context, code int32, header wire.FieldAppender, body []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.write(ctx, code, wire.FlagOneWay, header, body)
	return err
}

// ExpectNothing reads until ctx's deadline. The error is the timeout, or says
// what the server has sent instead of staying silent.
func (c *Conn) ExpectNothing(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.setDeadline(ctx); err != nil {
		return err
	}
	cmd, err := c.read()
	if err != nil {
		return err
	}
	return fmt.Errorf("%s sent code %d, flag %d: %s", c.addr, cmd.Code, cmd.Flag, cmd.Remark)
}

func (c *Conn) setDeadline(ctx context.Context) error {
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(defaultTimeout)
	}
	return c.conn.SetDeadline(deadline)
}

func (c *Conn) write(ctx context.Context, code, flag int32, header wire.FieldAppender, body []byte) (int32, error) {
	if err := c.setDeadline(ctx); err != nil {
		return 0, err
	}
	c.opaque++
	head := wire.Head{Code: code, Language: wire.LanguageGo, Version: wire.Version, Opaque: c.opaque, Flag: flag}
	frame, err := wire.AppendFrame(nil, c.serialization, &head, header, nil, body)
	if err != nil {
		return 0, fmt.Errorf("encode request %d: %w", code, err)
	}
	if _, err := c.conn.Write(frame); err != nil {
		return 0, fmt.Errorf("request %d to %s: %w", code, c.addr, err)
	}
	return head.Opaque, nil
}

func (c *Conn) read() (*wire.Command, error) {
	frame, err := c.reader.Next()
	if err != nil {
		return nil, err
	}
	return wire.Decode(frame)
}

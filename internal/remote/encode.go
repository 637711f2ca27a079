package remote

import (
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// Fields that Java's NamespaceRpcHook and StreamTypeRPCHook add (MixAll).
const (
	fieldNamespaced  = "nsd"
	fieldNamespace   = "ns"
	fieldRequestType = "ReqT"
	requestStream    = "0" // RequestType.STREAM
)

// prepare runs req through namespace, stream, hooks and signer, in this order (Java: the order in which
// MQClientAPIImpl registers them, except that nothing runs after the signer). Without any of them it
// returns req itself.
func (c *Client) prepare(addr string, req *Request) (*Request, error) {
	cfg := &c.cfg
	if c.plain {
		return req, nil
	}
	r := *req
	r.Extra = slices.Clip(r.Extra)
	if cfg.NamespaceV2 != "" {
		r.Extra = append(r.Extra, wire.Field{Key: fieldNamespaced, Value: "true"},
			wire.Field{Key: fieldNamespace, Value: cfg.NamespaceV2})
	}
	if cfg.Stream {
		r.Extra = append(r.Extra, wire.Field{Key: fieldRequestType, Value: requestStream})
	}
	for _, h := range cfg.Hooks {
		if err := c.runHook(h, addr, &r); err != nil {
			return nil, err
		}
	}
	if cfg.Signer != nil {
		c.sign(&r)
	}
	return &r, nil
}

func (c *Client) runHook(h Hook, addr string, r *Request) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("hook panicked: %v", v)
			c.logPanic("request hook panicked", addr, r.Code, v)
		}
	}()
	return h.BeforeRequest(addr, r)
}

// afterResponse tells the hooks how a request ended.
func (c *Client) afterResponse(addr string, req *Request, resp *wire.Command, err error) {
	for _, h := range c.responseHooks {
		func() {
			defer func() {
				if v := recover(); v != nil {
					c.logPanic("response hook panicked", addr, req.Code, v)
				}
			}()
			h.AfterResponse(addr, req, resp, err)
		}()
	}
}

func (c *Client) logPanic(what, addr string, code int32, v any) {
	c.cfg.Logger.Error(what, map[string]any{
		"addr": addr, "code": code, "panic": fmt.Sprint(v), "stack": string(debug.Stack()),
	})
}

// sign turns header and extra fields into one list, as the receiver will see it, and has it signed.
func (c *Client) sign(r *Request) {
	var all []wire.Field
	all = wire.CollectFields(all, r.Header)
	fields := make([]wire.Field, 0, len(all)+len(r.Extra)+3)
	for _, list := range [][]wire.Field{all, r.Extra} {
		for _, f := range list {
			fields = setField(fields, f.Key, f.Value)
		}
	}
	if c.cfg.Serialization == wire.RocketMQ {
		// Java reads an empty string of the binary header as null, and then signs the text "null".
		fields = slices.DeleteFunc(fields, func(f wire.Field) bool { return f.Value == "" })
	}
	r.Header, r.Extra = nil, c.cfg.Signer.Sign(fields, r.Body)
}

// encode gives the call a new opaque and returns its frame.
func (p *peer) encode(cl *call) (*buffer, error) {
	req := cl.req
	cl.opaque.Store(p.opaque.Inc())
	head := &cl.head
	*head = wire.Head{
		Code: req.Code, Language: p.client.cfg.Language, Version: wire.Version,
		Opaque: cl.opaque.Load(), Remark: req.Remark,
	}
	if cl.oneWay {
		head.Flag = wire.FlagOneWay
	}
	return p.client.frame(head, req.Header, req.Extra, req.Body)
}

// frame encodes into a pooled buffer.
func (c *Client) frame(head *wire.Head, header wire.FieldAppender, extra []wire.Field, body []byte) (*buffer, error) {
	buf := c.buffers.get(len(body) + headerRoom)
	b, err := wire.AppendFrame(buf.b, c.cfg.Serialization, head, header, extra, body)
	if err == nil && len(b) > c.cfg.MaxFrameSize {
		err = fmt.Errorf("%w: %d bytes, limit %d", ErrFrameTooLarge, len(b), c.cfg.MaxFrameSize)
	}
	if err != nil {
		c.buffers.put(buf)
		return nil, err
	}
	buf.b = b
	return buf, nil
}

package remote

import (
	"context"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// Request is what a caller wants sent. The client does not write to it and the same Request may be
// sent again. It must stay unchanged until the call ends: Invoke and InvokeOneWay return, or the
// callback of InvokeAsync is called.
type Request struct {
	Code   int32
	Header wire.FieldAppender // nil: no fields beside Extra
	Body   []byte             // copied into the frame
	Extra  []wire.Field       // fields beside those of Header; of a key given twice the last one counts
	Remark string

	// Deadline ends the wait for the answer, dial included. Zero means the context's deadline, or
	// Config.RequestTimeout from now when it has none. When both are set the earlier one counts.
	Deadline time.Time

	// VIP sends the request to the port two below, if Config.VIPChannel is set.
	VIP bool

	// NoWait makes the call fail with ErrTooManyInFlight at once, instead of waiting, when the
	// address has Config.MaxInflight requests in flight. Needed where the caller must not block, as
	// in the callback of InvokeAsync.
	NoWait bool
}

// Handler answers a request that a broker sent on the connection to addr. It runs on one of
// Config.HandlerWorkers goroutines; ctx ends at Shutdown. Nil means that nothing is answered, and a
// one-way request is not answered whatever is returned. A panic is logged with its stack and answered
// with SYSTEM_ERROR. cmd is the handler's to keep.
type Handler func(ctx context.Context, addr string, cmd *wire.Command) *Reply

// Reply is the answer to a request that came from a broker.
type Reply struct {
	Code   int32
	Remark string
	Header wire.FieldAppender // nil: no fields
	Body   []byte
}

package remote

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// Hook sees each outgoing request before it is signed and encoded. Hooks run on the caller's
// goroutine and must not block. Answers to brokers' requests do not pass through hooks.
type Hook interface {
	// BeforeRequest may change req, which is the client's copy: set fields, not what Header, Body
	// and the elements of Extra refer to (appending to Extra is safe). An error stops the request
	// and is returned to the caller.
	BeforeRequest(addr string, req *Request) error
}

// ResponseHook may be implemented by a Hook to see how its requests ended. Exactly one of resp and
// err is nil, except that both are for a one-way request that was accepted. It must not block. A
// panic in it is logged and changes nothing.
type ResponseHook interface {
	AfterResponse(addr string, req *Request, resp *wire.Command, err error)
}

// Signer signs requests. Implementations must be safe for concurrent use and must not let secrets
// appear when printed.
type Signer interface {
	// Sign gets all fields of a request, each key once, and its body, and returns the fields to send.
	// It may append to fields and reorder them. Nothing is added afterwards.
	Sign(fields []wire.Field, body []byte) []wire.Field
}

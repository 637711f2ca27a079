package remote

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/budget"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// What a call may allocate in the whole process, the frame of the answer included: the ceiling of
// the hot path. The fraction is for what the garbage collector takes out of the pools.
func TestAllocBudgetOfACall(t *testing.T) {
	srv, sink := serve(t, rawEcho), serve(t, rawSwallow)
	// A small bound: else one-way requests pile up in the writer's queue, and with them the buffers.
	c := newClient(t, Config{Serialization: wire.RocketMQ, MaxInflight: 16})
	req := &Request{Code: 310, Header: &testHeader{topic: "T"}, Body: make([]byte, 1024)}
	ctx := context.Background()
	done := make(chan error, 1)
	callback := func(_ *wire.Command, err error) { done <- err }
	for _, tc := range []struct {
		name    string
		ceiling float64
		call    func() error
	}{
		{"Invoke: frame and Command", 2.3, func() error { _, err := c.Invoke(ctx, srv.addr, req); return err }},
		{"InvokeAsync: frame, Command and call", 3.3, func() error {
			c.InvokeAsync(ctx, srv.addr, req, callback)
			return <-done
		}},
		{"InvokeOneWay", 1, func() error { return c.InvokeOneWay(ctx, sink.addr, req) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			budget.Process(t, tc.ceiling, 2000, func(n int) {
				for range n {
					require.NoError(t, tc.call())
				}
			})
		})
	}
}

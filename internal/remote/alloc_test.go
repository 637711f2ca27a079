//go:build !race

// The race detector allocates on its own account.

package remote

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// What a call may allocate beside the frame of the answer: the ceiling of the hot path.
func TestAllocationsOfACall(t *testing.T) {
	srv, sink := serve(t, rawEcho), serve(t, rawSwallow)
	// A small bound: else one-way requests pile up in the writer's queue, and with them the buffers.
	c := newClient(t, Config{Serialization: wire.RocketMQ, MaxInflight: 16})
	req := &Request{Code: 310, Header: &testHeader{topic: "T"}, Body: make([]byte, 1024)}
	ctx := context.Background()
	done := make(chan error, 1)
	callback := func(_ *wire.Command, err error) { done <- err }
	for name, tc := range map[string]struct {
		ceiling float64
		call    func() error
	}{
		// The frame and its Command.
		"Invoke": {2, func() error { _, err := c.Invoke(ctx, srv.addr, req); return err }},
		// The same and the call.
		"InvokeAsync": {3, func() error {
			c.InvokeAsync(ctx, srv.addr, req, callback)
			return <-done
		}},
		"InvokeOneWay": {0, func() error { return c.InvokeOneWay(ctx, sink.addr, req) }},
	} {
		for range 100 {
			require.NoError(t, tc.call())
		}
		got := testing.AllocsPerRun(2000, func() {
			if err := tc.call(); err != nil {
				t.Error(err)
			}
		})
		t.Logf("%s: %v allocations", name, got)
		require.LessOrEqual(t, got, tc.ceiling, name)
	}
}

package producer

import (
	"context"
	"net"
)

// blackHole dials everything but one address, where the dial hangs as it does when
// a machine has vanished.
func blackHole(hole string) DialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		if addr == hole {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		var d net.Dialer
		return d.DialContext(ctx, network, addr)
	}
}

// Package leak must fail: it proves that the goroutine leak gate can.
package leak

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestLeavesAGoroutine(*testing.T) {
	started := make(chan struct{})
	go func() {
		close(started)
		select {}
	}()
	<-started
}

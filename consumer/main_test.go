package consumer

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// These tests wait for brokers more than they compute. A -parallel of the command line still counts.
	_ = flag.Set("test.parallel", "16")
	goleak.VerifyTestMain(m)
}

package test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rocketmq-go/rocketmq/test/broker"
)

// versions are the releases to test, from ROCKETMQ_VERSIONS or all.
func versions(t *testing.T) []string {
	t.Helper()
	chosen := strings.Fields(os.Getenv("ROCKETMQ_VERSIONS"))
	if len(chosen) == 0 {
		return broker.Versions()
	}
	for _, v := range chosen {
		if !slices.Contains(broker.Versions(), v) {
			t.Fatalf("ROCKETMQ_VERSIONS: %q is none of %v", v, broker.Versions())
		}
	}
	return chosen
}

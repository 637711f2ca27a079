package record

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(idChildEnv) != "" {
		os.Exit(idChild())
	}
	goleak.VerifyTestMain(m)
}

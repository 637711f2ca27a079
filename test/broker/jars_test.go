package broker

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestJars fetches the jars of every tested release; CI runs it early, beside
// the unit tests, so that the suites find them.
func TestJars(t *testing.T) {
	for _, version := range Versions() {
		dir := Jars(t, version)
		require.FileExists(t, filepath.Join(dir, "rocketmq-client-"+version+".jar"))
	}
}

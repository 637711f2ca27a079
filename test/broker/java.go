package broker

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// Require skips the test when a tool that it needs is not installed, and says
// which. With CI=true a missing tool is a failure, so that nothing is skipped
// unnoticed there.
func Require(tb testing.TB, tools ...string) {
	tb.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			skip(tb, fmt.Sprintf("%s is not installed (needed to run real Apache RocketMQ brokers): %v", tool, err))
		}
	}
}

func skip(tb testing.TB, reason string) {
	tb.Helper()
	if os.Getenv("CI") == "true" {
		tb.Fatalf("CI=true allows no skipping: %s", reason)
	}
	tb.Skip("skipped: " + reason)
}

// jvmFlags keep a JVM small and quick to start; the exports and opens let the
// old releases run on today's Java.
func jvmFlags() []string {
	return []string{
		"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
		"--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
		"--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
		"--add-opens=java.base/java.nio=ALL-UNNAMED",
		"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
		"--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED",
		"--add-opens=java.base/java.lang=ALL-UNNAMED",
	}
}

package examples

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// build compiles an example, so that its exit code is seen, which go run hides.
func build(t *testing.T, name string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), name+".exe")
	out, err := exec.Command("go", "build", "-o", program, "./"+name).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return program
}

func run(t *testing.T, limit time.Duration, program string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, args...).CombinedOutput()
	require.NoError(t, ctx.Err(), "it does not end: %s", out)
	return string(out), err
}

// Every example ends by itself, and well.
func TestExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a program for each example")
	}
	folders, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		t.Run(f.Name(), func(t *testing.T) {
			t.Parallel()
			out, err := run(t, time.Minute, build(t, f.Name()))
			require.NoError(t, err, "%s", out)
			require.NotEmpty(t, out)
			t.Logf("\n%s", out)
		})
	}
}

func TestQuickstartSaysWhatIsWrong(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a program")
	}
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	require.NoError(t, l.Close())
	out, err := run(t, 40*time.Second, build(t, "quickstart"), "-nameserver", addr)
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, 1, exit.ExitCode())
	require.Contains(t, out, "quickstart failed")
	require.Contains(t, out, addr)
}

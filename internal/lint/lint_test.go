package lint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// root is the module's root, or the tree of a fixture when prove-gates checks
// that the rules can fail.
func root() string {
	if fixture := os.Getenv("LINT_ROOT"); fixture != "" {
		return fixture
	}
	return filepath.Join("..", "..")
}

func load(t *testing.T) []File {
	t.Helper()
	files, err := Load(root())
	require.NoError(t, err)
	require.NotEmpty(t, files, "no Go files below the root")
	return files
}

func report(t *testing.T, bad []string) {
	t.Helper()
	if len(bad) > 0 {
		t.Fatalf("%d violations:\n%s", len(bad), strings.Join(bad, "\n"))
	}
}

func TestImportsPointDownwards(t *testing.T) {
	t.Parallel()
	report(t, CheckImports(load(t)))
}

func TestCodeRules(t *testing.T) {
	t.Parallel()
	report(t, CheckCode(load(t)))
}

func TestEveryTestedPackageHasALeakGate(t *testing.T) {
	t.Parallel()
	report(t, CheckLeakGates(load(t)))
}

// TestRulesCanFail runs each rule on a tree that breaks it.
func TestRulesCanFail(t *testing.T) {
	t.Parallel()
	files, err := Load(filepath.Join("testdata", "broken"))
	require.NoError(t, err)

	imports := strings.Join(CheckImports(files), "\n")
	require.Contains(t, imports, `"consumer" must not import "producer"`)
	require.Contains(t, imports, `"internal/mqserver" must not import "internal/remote"`)
	require.Contains(t, imports, `has no import rule`)

	code := strings.Join(CheckCode(files), "\n")
	require.Contains(t, code, "go statement outside internal/lifecycle")
	require.Contains(t, code, "time.Sleep")
	require.Contains(t, code, "does not print")
	require.Contains(t, code, "import of log")
	require.Contains(t, code, "64-bit atomic behind another field")

	require.Contains(t, strings.Join(CheckLeakGates(files), "\n"), `package "consumer" has tests but no TestMain`)
}

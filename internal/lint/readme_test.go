package lint

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDocumentedProgramsCompile builds each complete program in the Markdown
// files of the root, so that what a reader copies works.
func TestDocumentedProgramsCompile(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	docs, err := filepath.Glob(filepath.Join(root, "*.md"))
	require.NoError(t, err)
	block := regexp.MustCompile("(?s)```go\n(package main.*?)```")

	overlay := map[string]map[string]string{"Replace": {}}
	var packages []string
	for _, doc := range docs {
		text, err := os.ReadFile(doc)
		require.NoError(t, err)
		for i, m := range block.FindAllStringSubmatch(string(text), -1) {
			name := fmt.Sprintf("%s-%d", strings.ToLower(strings.TrimSuffix(filepath.Base(doc), ".md")), i)
			source := filepath.Join(t.TempDir(), "main.go")
			require.NoError(t, os.WriteFile(source, []byte(m[1]), 0o600))
			overlay["Replace"][filepath.Join(root, "examples", name, "main.go")] = source
			packages = append(packages, "./examples/"+name)
		}
	}
	require.NotEmpty(t, packages, "the README holds complete programs")

	file := filepath.Join(t.TempDir(), "overlay.json")
	data, err := json.Marshal(overlay)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, data, 0o600))
	cmd := exec.Command("go", append([]string{"build", "-overlay", file, "-o", t.TempDir() + string(filepath.Separator)}, packages...)...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

package lint

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// Module is the import path that the rules apply to.
const Module = "github.com/rocketmq-go/rocketmq"

// File is one parsed Go file of the module.
type File struct {
	Path string // slash separated, relative to the root
	Pkg  string // folder relative to the root, "" for the root package
	Test bool
	Fset *token.FileSet
	AST  *ast.File
}

// Load parses every Go file below root. Folders with a go.mod of their own are
// other modules and are left out, as are testdata and hidden folders.
func Load(root string) ([]File, error) {
	var files []File
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if rel == "." {
				return nil
			}
			if base := d.Name(); base == "testdata" || strings.HasPrefix(base, ".") || hasFile(name, "go.mod") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") {
			return nil
		}
		parsed, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("parse %s: %w", rel, err)
		}
		pkg := path.Dir(rel)
		if pkg == "." {
			pkg = ""
		}
		files = append(files, File{
			Path: rel,
			Pkg:  pkg,
			Test: strings.HasSuffix(rel, "_test.go"),
			Fset: fset,
			AST:  parsed,
		})
		return nil
	})
	return files, err
}

func hasFile(dir, name string) bool {
	matches, err := filepath.Glob(filepath.Join(dir, name))
	return err == nil && len(matches) > 0
}

// imports lists the import paths of the file.
func (f *File) imports() []string {
	paths := make([]string, 0, len(f.AST.Imports))
	for _, spec := range f.AST.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}

// at names the place of a node for an error message.
func (f *File) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.Path, f.Fset.Position(n.Pos()).Line)
}

// local cuts the module's path off an import; ok is false for other modules.
func local(importPath string) (pkg string, ok bool) {
	if importPath == Module {
		return "", true
	}
	return strings.CutPrefix(importPath, Module+"/")
}

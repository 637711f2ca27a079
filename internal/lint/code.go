package lint

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// bannedImports are packages that library code does not use, with the reason.
var bannedImports = map[string]string{
	"math/rand":   "use math/rand/v2",
	"log":         "use rlog, which each client can be given",
	"sync/atomic": "use go.uber.org/atomic, one atomics package for the module",
}

// CheckCode reports code that the rules of the module forbid in library
// packages: goroutines without an owner, sleeps that nothing can cut short, and
// imports of bannedImports, 64-bit atomics that panic on 32-bit machines. Programs (cmd, examples) and tests are exempt.
func CheckCode(files []File) []string {
	var bad []string
	for i := range files {
		f := &files[i]
		if f.Test || strings.HasPrefix(f.Pkg, "examples/") || strings.HasPrefix(f.Pkg, "cmd/") {
			continue
		}
		for _, imp := range f.imports() {
			if reason, banned := bannedImports[imp]; banned {
				bad = append(bad, fmt.Sprintf("%s: import of %s: %s", f.Path, imp, reason))
			}
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				if f.Pkg != "internal/lifecycle" {
					bad = append(bad, f.at(n)+": go statement outside internal/lifecycle: use lifecycle.Group.Go, so that it has an owner")
				}
			case *ast.StructType:
				bad = append(bad, misaligned(f, n)...)
			case *ast.CallExpr:
				if isSelector(n.Fun, "time", "Sleep") {
					bad = append(bad, f.at(n)+": time.Sleep cannot be cut short: use lifecycle.Sleep")
				}
				if slices.ContainsFunc([]string{"Print", "Printf", "Println"}, func(name string) bool { return isSelector(n.Fun, "fmt", name) }) {
					bad = append(bad, f.at(n)+": a library does not print")
				}
			}
			return true
		})
	}
	return bad
}

// misaligned reports 64-bit atomics that are not at the front of their struct.
// go.uber.org/atomic does not align them by itself, and on 386 only the first
// word of an allocated struct is sure to be aligned.
func misaligned(f *File, s *ast.StructType) []string {
	var bad []string
	front := true
	for _, field := range s.Fields.List {
		t := field.Type
		if array, ok := t.(*ast.ArrayType); ok && array.Len != nil {
			t = array.Elt
		}
		wide := slices.ContainsFunc([]string{"Int64", "Uint64", "Float64", "Duration", "Time"}, func(name string) bool { return isSelector(t, "atomic", name) })
		if wide && !front {
			bad = append(bad, f.at(field)+": 64-bit atomic behind another field: move it to the front of the struct, or it panics on 386")
		}
		front = front && wide
	}
	return bad
}

func isSelector(e ast.Expr, pkg, name string) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Name == pkg
}

// CheckLeakGates reports packages that have tests but no goleak gate.
func CheckLeakGates(files []File) []string {
	tested, gated := map[string]bool{}, map[string]bool{}
	for i := range files {
		f := &files[i]
		if !f.Test {
			continue
		}
		tested[f.Pkg] = true
		ast.Inspect(f.AST, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && isSelector(call.Fun, "goleak", "VerifyTestMain") {
				gated[f.Pkg] = true
			}
			return true
		})
	}
	var bad []string
	for pkg := range tested {
		if !gated[pkg] {
			bad = append(bad, fmt.Sprintf("package %q has tests but no TestMain with goleak.VerifyTestMain", pkg))
		}
	}
	slices.Sort(bad)
	return bad
}

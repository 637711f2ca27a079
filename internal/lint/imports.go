package lint

import (
	"fmt"
	"slices"
	"strings"
)

// rule says what one package of the module may import from the module itself.
// An entry that ends in "/..." stands for the folder and everything below it.
type rule struct {
	may    []string
	mayNot []string // exceptions to may
}

// clientLayers are the packages that both producer and consumer sit on.
var clientLayers = rule{
	may:    []string{"primitive", "errors", "hooks", "rlog", "internal/..."},
	mayNot: []string{"internal/mqserver", "internal/conformance", "internal/lint"},
}

// rules draws the house of ARCHITECTURE.md: imports point downwards only. A
// package without a line here fails the test, so that a new one gets its place.
var rules = map[string]rule{
	"":          {may: []string{"producer", "consumer", "primitive", "errors", "rlog", "internal/instance", "internal/route", "internal/namespace", "internal/validate", "internal/remote/wire"}},
	"producer":  clientLayers,
	"consumer":  clientLayers,
	"primitive": {may: []string{"errors", "internal/remote/record"}},
	"errors":    {},
	"hooks":     {may: []string{"primitive"}},
	"rlog":      {},
	"mqtest":    {may: []string{"internal/mqserver", "primitive", "rlog"}},
	"examples":  {},

	"internal/lifecycle":      {may: []string{"rlog"}},
	"internal/validate":       {may: []string{"primitive", "errors", "internal/namespace", "internal/remote/record"}},
	"internal/namespace":      {},
	"internal/remote/wire":    {},
	"internal/remote/command": {may: []string{"internal/remote/wire"}},
	"internal/remote/record":  {},
	"internal/remote":         {may: []string{"internal/remote/...", "internal/lifecycle", "rlog"}},
	"internal/route":          {may: []string{"internal/remote", "internal/remote/...", "internal/lifecycle", "primitive", "errors", "rlog"}},
	"internal/instance":       {may: []string{"internal/route", "internal/remote", "internal/remote/...", "internal/lifecycle", "primitive", "errors", "rlog"}},
	// mqserver must stay an independent judge of the client: it may share the
	// codecs with it, never its connections.
	"internal/mqserver":            {may: []string{"internal/remote/...", "internal/lifecycle", "primitive", "rlog"}},
	"internal/conformance":         {may: []string{"", "producer", "consumer", "primitive", "errors", "hooks", "rlog", "internal/remote/wire", "internal/remote/command", "internal/remote/record", "internal/conformance/observe"}},
	"internal/conformance/observe": {may: []string{"internal/remote/wire", "internal/remote/command", "internal/remote/record", "primitive"}},
	"internal/budget":              {},
	"internal/lint":                {},
}

// trees are folders of programs, one rule for all packages below.
var trees = map[string]rule{
	"cmd/":      {may: []string{"", "producer", "consumer", "admin", "primitive", "errors", "rlog", "mqtest"}},
	"examples/": {may: []string{"", "producer", "consumer", "admin", "primitive", "errors", "hooks", "rlog", "mqtest"}},
}

// extraForTests lists what _test.go files may import beyond their package's rule.
var extraForTests = []string{"mqtest", "primitive", "errors", "rlog", "internal/budget", "internal/remote/wire", "internal/remote/command", "internal/remote/record"}

// forbidden folders: a name that says nothing about the one job inside.
var meaningless = []string{"util", "utils", "common", "helper", "helpers", "misc"}

// CheckImports reports every import that points the wrong way.
func CheckImports(files []File) []string {
	var bad []string
	for i := range files {
		f := &files[i]
		r, ok := ruleFor(f.Pkg)
		if !ok {
			bad = append(bad, fmt.Sprintf("%s: package %q has no import rule; give it one in internal/lint/imports.go", f.Path, f.Pkg))
			continue
		}
		for _, part := range strings.Split(f.Pkg, "/") {
			if slices.Contains(meaningless, part) {
				bad = append(bad, fmt.Sprintf("%s: folder %q says nothing about its job", f.Path, part))
			}
		}
		for _, imp := range f.imports() {
			pkg, ours := local(imp)
			if !ours || pkg == f.Pkg || r.allows(pkg) || (f.Test && slices.Contains(extraForTests, pkg)) {
				continue
			}
			// An external test package of the root may use everything public.
			if f.Test && !strings.HasPrefix(pkg, "internal/") {
				continue
			}
			bad = append(bad, fmt.Sprintf("%s: %q must not import %q", f.Path, f.Pkg, pkg))
		}
	}
	return bad
}

func ruleFor(pkg string) (rule, bool) {
	if r, ok := rules[pkg]; ok {
		return r, true
	}
	for prefix, r := range trees {
		if strings.HasPrefix(pkg, prefix) {
			return r, true
		}
	}
	return rule{}, false
}

func (r rule) allows(pkg string) bool {
	return !matches(r.mayNot, pkg) && matches(r.may, pkg)
}

func matches(patterns []string, pkg string) bool {
	for _, p := range patterns {
		if tree, ok := strings.CutSuffix(p, "/..."); ok {
			if strings.HasPrefix(pkg, tree+"/") {
				return true
			}
			continue
		}
		if p == pkg {
			return true
		}
	}
	return false
}

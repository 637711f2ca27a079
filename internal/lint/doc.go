// Package lint holds the rules of this repository that no off-the-shelf linter
// knows, written as tests: which package may import which, where goroutines may
// be started, and which identifiers are out of bounds.
//
// The rules read source files only, so they also cover files that are built on
// other platforms.
package lint

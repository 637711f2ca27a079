// Package examples holds one program a folder, each about one thing. All run by
// themselves, with a broker inside the process, or with -nameserver against a real
// one. Begin with quickstart.
package examples

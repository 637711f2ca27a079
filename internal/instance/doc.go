// Package instance is one running client: its identity, its connections, its routes, its heartbeats, and the
// producers and consumers that share them.
package instance

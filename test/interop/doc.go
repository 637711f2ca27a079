// Package interop exchanges messages between clients: ours, Apache's Java client
// and Apache's rocketmq-client-go v2, over real brokers and over the embedded
// one. Every client produces the same messages, and every client consumes what
// each of them has produced.
package interop

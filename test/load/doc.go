// Package load holds the tests that put weight on a real broker: a group that
// changes while 200,000 messages flow, hundreds of starts and stops, and the
// delay until a failed message comes again.
package load

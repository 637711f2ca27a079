// Package primitive holds the values that applications of a RocketMQ client have in their hands: messages, queues,
// results, errors, credentials, name-server addresses, interceptors and the data in contexts.
//
// A Message is a plain value without a lock: any number of goroutines may read one, writing it needs the usual
// care. Every type has a String method that works on its zero value.
package primitive

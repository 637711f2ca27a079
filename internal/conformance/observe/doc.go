// Package observe looks at a RocketMQ cluster from outside: a plain blocking
// connection over net and the frame codec, and on top of it the few requests
// that tests need to prepare a cluster and to see what it has stored. It shares
// no connection, route or retry code with the client, so that a defect there
// cannot hide itself.
package observe

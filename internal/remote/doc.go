// Package remote is the client side of RocketMQ's remoting protocol.
package remote

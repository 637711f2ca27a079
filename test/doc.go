// Package test checks the library against real Apache RocketMQ: the behaviour
// cases of internal/conformance on four releases, messages exchanged with the
// Java client and with rocketmq-client-go, and load. It is a module of its own,
// so that nothing here reaches the users of the library.
//
// Real brokers need java and mvn. Without them the tests are skipped and say so;
// with CI=true that is a failure.
//
//	ROCKETMQ_VERSIONS   releases to test, default "4.5.2 4.9.7 5.1.4 5.4.0"
//	ROCKETMQ_GO_CACHE   where the jars are kept
package test

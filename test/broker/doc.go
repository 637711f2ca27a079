// Package broker runs real Apache RocketMQ name servers and brokers for tests.
//
// The jars come from Maven (org.apache.rocketmq:rocketmq-namesrv, -broker,
// -client and -tools) and are kept in a cache folder, see [Jars]. [Start] runs
// name servers, masters and slaves as child processes on free loopback ports
// with temporary stores, waits until every name server lists every broker, and
// ends all of them when the test ends: at cleanup, shortly before the test
// binary's own time limit, on an interrupt, and on Linux also when the test
// process dies without a word.
package broker

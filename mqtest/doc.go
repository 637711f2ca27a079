// Package mqtest runs Apache RocketMQ's name server and brokers inside the test's own process.
//
// A [Cluster] speaks the remoting protocol over real TCP on the loopback
// interface, keeps everything in memory, and is meant for tests, examples and
// first steps. It is not for production: nothing is written to disk and
// nothing is replicated between machines.
//
//	func TestOrders(t *testing.T) {
//		cluster := mqtest.Start(t, mqtest.WithTopic("orders", 4))
//		p, err := rocketmq.NewProducer(producer.WithNameServer(cluster.NameServers()))
//		…
//		stored := cluster.Stored("orders")
//	}
//
// # Faults
//
// [Cluster.OnCommand] puts a function in front of a request code. It may let
// the request through, answer in the broker's place, delay the answer, never
// answer, close the connection, or write raw bytes. [Cluster.StopBroker],
// [Cluster.KillBroker] and [Cluster.StopNameServer] take servers away; their
// Start counterparts bring them back on the same port with the same messages.
//
// # What is emulated
//
// Routes, topics with automatic creation, sending (single, batch, one-way),
// pulling with long polling and tag filters, consumer offsets, heartbeats,
// consumer lists and their notifications, queue locks, send-back with retry
// and dead-letter topics, and delay levels. Checks, response codes and remarks
// are those of the Java broker. Transactions, timer messages and SQL filters are
// refused the way a broker with these features switched off refuses them;
// request-reply and POP are requests that it does not know.
package mqtest

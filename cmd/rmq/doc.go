// Command rmq is the command-line tool of rocketmq-go.
//
//	rmq broker --addr 127.0.0.1:9876 --topic orders:4
//
// runs a name server and brokers in memory, for trying things out; it prints
// the name server's address once it serves and stops on interrupt. It is not
// for production: everything is gone when it stops.
//
//	rmq version
//
// prints the version of the build.
//
// Exit codes: 0 done, 1 failed, 2 wrong usage.
package main

package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/rocketmq-go/rocketmq/mqtest"
)

// logRequests prints one line for every request that arrives.
func logRequests(cluster *mqtest.Cluster, out io.Writer) {
	var mu sync.Mutex // connections arrive side by side
	cluster.OnCommand(mqtest.AnyCode, func(c *mqtest.Command) *mqtest.Reply {
		line := requestLine(c)
		mu.Lock()
		defer mu.Unlock()
		_, _ = io.WriteString(out, line)
		return nil
	})
}

func requestLine(c *mqtest.Command) string {
	var b strings.Builder
	server := c.Broker
	if server == "" {
		server = "nameserver"
	}
	fmt.Fprintf(&b, "%s %s code=%d", c.From, server, c.Code)
	if c.OneWay {
		b.WriteString(" oneway")
	}
	for _, k := range slices.Sorted(maps.Keys(c.Fields)) {
		fmt.Fprintf(&b, " %s=%q", k, c.Fields[k])
	}
	fmt.Fprintf(&b, " body=%d\n", len(c.Body))
	return b.String()
}

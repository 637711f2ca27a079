package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rocketmq-go/rocketmq/mqtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// broker runs rmq broker until the test ends and returns the address it printed.
func broker(t *testing.T, args ...string) (addr string, lines *bufio.Scanner, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, append([]string{"rmq", "broker", "--addr", "127.0.0.1:0"}, args...), w, io.Discard)
		_ = w.Close()
	}()
	lines = bufio.NewScanner(r)
	require.True(t, lines.Scan())
	return lines.Text(), lines, func() int {
		cancel()
		_, _ = io.Copy(io.Discard, r)
		return <-code
	}
}

func TestBrokerServesUntilInterrupted(t *testing.T) {
	t.Parallel()
	addr, _, stop := broker(t, "--brokers", "2", "--topic", "orders:3", "--topic", "plain", "--delay-levels", "1s 2s", "--slaves", "1")
	nc, err := net.DialTimeout("tcp", addr, 5*time.Second)
	require.NoError(t, err, "it serves when it has printed its address")
	require.NoError(t, nc.Close())
	require.Zero(t, stop())
	_, err = net.DialTimeout("tcp", addr, time.Second)
	require.Error(t, err)
}

func TestBrokerVerbose(t *testing.T) {
	t.Parallel()
	addr, lines, stop := broker(t, "--verbose")
	nc, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	header := `{"code":105,"extFields":{"topic":"orders","a":"1"},"flag":2,"opaque":1,"language":"GO","version":493}`
	_, err = fmt.Fprintf(nc, "\x00\x00\x00%c\x00\x00\x00%c%s", len(header)+4, len(header), header)
	require.NoError(t, err)
	require.True(t, lines.Scan())
	require.Equal(t, nc.LocalAddr().String()+` nameserver code=105 oneway a="1" topic="orders" body=0`, lines.Text())
	require.NoError(t, nc.Close())
	require.Zero(t, stop())
}

func TestRequestLine(t *testing.T) {
	t.Parallel()
	require.Equal(t, "1.2.3.4:5 broker-0 code=310 body=2\n",
		requestLine(&mqtest.Command{Code: 310, Broker: "broker-0", From: "1.2.3.4:5", Body: []byte("hi")}))
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		args string
		code int
		out  string // on standard output
		err  string // on standard error
	}{
		{"version", 0, "rmq ", ""},
		{"", 0, "the command-line tool of rocketmq-go", ""},
		{"help", 0, "broker", ""},
		{"broker --help", 0, "--max-memory", ""},
		{"nonsense", 2, "", `there is no command "nonsense"`},
		{"--nonsense", 2, "", "nonsense"},
		{"broker --nonsense", 2, "", "nonsense"},
		{"broker extra", 2, "", `unexpected argument "extra"`},
		{"broker --topic a:b", 2, "", `"b" is not a number of queues`},
		{"broker --brokers x", 2, "", "brokers"},
		{"broker --brokers 99", 1, "", "brokers: 99 is outside 1 to 64"},
		{"broker --addr 0.0.0.0:0", 1, "", "one that they can dial"},
		{"broker --topic a!:1", 1, "", "illegal characters"},
	} {
		t.Run(x.args, func(t *testing.T) {
			t.Parallel()
			var out, errOut bytes.Buffer
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			require.Equal(t, x.code, run(ctx, append([]string{"rmq"}, strings.Fields(x.args)...), &out, &errOut), "%s%s", &out, &errOut)
			require.Contains(t, out.String(), x.out)
			require.Contains(t, errOut.String(), x.err)
		})
	}
}

// Command peer sends and receives with Apache's rocketmq-client-go v2, for the
// interoperability tests. It is a module of its own, so that the peer's
// dependencies stay away from everything else.
//
//	peer produce NAMESRV TOPIC < messages
//	peer consume NAMESRV TOPIC GROUP EXPRESSION COUNT SECONDS
//
// The formats of messages are those of the Java programs in test/java.
package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	rocketmq "github.com/apache/rocketmq-client-go/v2"
	"github.com/apache/rocketmq-client-go/v2/consumer"
	"github.com/apache/rocketmq-client-go/v2/primitive"
	"github.com/apache/rocketmq-client-go/v2/producer"
	"github.com/apache/rocketmq-client-go/v2/rlog"
)

func main() {
	rlog.SetLogLevel("error") // its log goes to standard output
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "produce":
		return produce(args[1], args[2])
	case len(args) == 7 && args[0] == "consume":
		return consume(args[1], args[2], args[3], args[4], args[5], args[6])
	}
	return fmt.Errorf("usage: peer produce NAMESRV TOPIC | peer consume NAMESRV TOPIC GROUP EXPRESSION COUNT SECONDS")
}

func produce(nameServers, topic string) error {
	p, err := rocketmq.NewProducer(
		producer.WithNameServer(strings.Split(nameServers, ";")),
		producer.WithGroupName("GID_interop_peer_producer"),
		producer.WithSendMsgTimeout(10*time.Second))
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	var batch []*primitive.Message
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	for in.Scan() {
		fields := strings.Split(in.Text(), "\t")
		m, err := message(topic, fields)
		if err != nil {
			return err
		}
		switch fields[0] {
		case "batch":
			batch = append(batch, m)
		case "async":
			err = sendAsync(p, m)
		default:
			err = send(p, m)
		}
		if err != nil {
			return err
		}
	}
	if len(batch) > 0 {
		if err := send(p, batch...); err != nil {
			return err
		}
	}
	if err := in.Err(); err != nil {
		return err
	}
	return p.Shutdown()
}

func send(p rocketmq.Producer, msgs ...*primitive.Message) error {
	r, err := p.SendSync(context.Background(), msgs...)
	if err != nil {
		return err
	}
	printResult(r)
	return nil
}

func sendAsync(p rocketmq.Producer, m *primitive.Message) error {
	done := make(chan error, 1)
	err := p.SendAsync(context.Background(), func(_ context.Context, r *primitive.SendResult, err error) {
		if err == nil {
			printResult(r)
		}
		done <- err
	}, m)
	if err != nil {
		return err
	}
	return <-done
}

func printResult(r *primitive.SendResult) {
	status := "SEND_OK"
	if r.Status != primitive.SendOK {
		status = fmt.Sprintf("status %d", r.Status)
	}
	print(map[string]any{"status": status, "msgId": r.MsgID, "queueId": r.MessageQueue.QueueId, "queueOffset": r.QueueOffset})
}

func message(topic string, fields []string) (*primitive.Message, error) {
	var err error
	text := func(s string) string {
		b, e := base64.StdEncoding.DecodeString(s)
		if e != nil {
			err = e
		}
		return string(b)
	}
	m := primitive.NewMessage(topic, []byte(text(fields[1])))
	if fields[2] != "" {
		m.WithTag(text(fields[2]))
	}
	if fields[3] != "" {
		m.WithKeys(strings.Split(text(fields[3]), " "))
	}
	if level, e := strconv.Atoi(fields[4]); e != nil {
		err = e
	} else if level > 0 {
		m.WithDelayTimeLevel(level)
	}
	for _, pair := range strings.Split(fields[5], ",") {
		if name, value, ok := strings.Cut(pair, ":"); ok {
			m.WithProperty(text(name), text(value))
		}
	}
	return m, err
}

func consume(nameServers, topic, group, expression, count, seconds string) error {
	want, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	limit, err := strconv.Atoi(seconds)
	if err != nil {
		return err
	}
	c, err := rocketmq.NewPushConsumer(
		consumer.WithNameServer(strings.Split(nameServers, ";")),
		consumer.WithGroupName(group),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset))
	if err != nil {
		return err
	}
	var mu sync.Mutex
	got, done := 0, make(chan struct{})
	selector := consumer.MessageSelector{Type: consumer.TAG, Expression: expression}
	err = c.Subscribe(topic, selector, func(_ context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
		mu.Lock()
		defer mu.Unlock()
		for _, m := range msgs {
			queue := 0
			if m.Queue != nil {
				queue = m.Queue.QueueId
			}
			print(map[string]any{
				"body": m.Body, "msgId": m.MsgId, "topic": m.Topic, "queueId": queue, "queueOffset": m.QueueOffset,
				"delayMs": m.StoreTimestamp - m.BornTimestamp, "properties": m.GetProperties(),
			})
			if got++; got == want {
				close(done)
			}
		}
		return consumer.ConsumeSuccess, nil
	})
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	select {
	case <-done:
		return c.Shutdown()
	case <-time.After(time.Duration(limit) * time.Second):
		return fmt.Errorf("%d of %d messages after %d s", got, want, limit)
	}
}

func print(v any) {
	line, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	fmt.Println(string(line))
}

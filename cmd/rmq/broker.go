package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/rocketmq-go/rocketmq/mqtest"
)

const defaultTopicQueues = 4

func brokerCommand(out io.Writer) *cli.Command {
	return &cli.Command{
		Name:  "broker",
		Usage: "run a name server and brokers in memory until interrupted; not for production",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "addr", Value: "127.0.0.1:9876", Usage: "address of the name server, `host:port`; brokers use its host and free ports"},
			&cli.IntFlag{Name: "brokers", Value: 1, Usage: "number of brokers"},
			&cli.IntFlag{Name: "slaves", Usage: "number of slaves of each broker"},
			&cli.StringSliceFlag{Name: "topic", Usage: "create a topic, `name:queues` (queues: 4); may be repeated"},
			&cli.StringFlag{Name: "delay-levels", Usage: "waits of the delay levels, for instance \"1s 5s 10s\""},
			&cli.BoolFlag{Name: "no-auto-create", Usage: "refuse messages for unknown topics"},
			&cli.Int64Flag{Name: "max-memory", Value: 256, Usage: "MiB of messages to keep; the oldest are dropped"},
			&cli.BoolFlag{Name: "verbose", Usage: "print every request"},
		},
		OnUsageError: usageError,
		Action:       func(ctx context.Context, c *cli.Command) error { return runBroker(ctx, c, out) },
	}
}

func runBroker(ctx context.Context, c *cli.Command, out io.Writer) (err error) {
	if c.Args().Present() {
		return fmt.Errorf("%w: unexpected argument %q", errUsage, c.Args().First())
	}
	opts := []mqtest.Option{
		mqtest.WithAddr(c.String("addr")),
		mqtest.WithBrokers(c.Int("brokers")),
		mqtest.WithSlaves(c.Int("slaves")),
		mqtest.WithAutoCreateTopic(!c.Bool("no-auto-create")),
		mqtest.WithMaxMemory(c.Int64("max-memory") << 20),
		mqtest.WithDelayLevels(c.String("delay-levels")),
	}
	for _, t := range c.StringSlice("topic") {
		name, queues, err := parseTopic(t)
		if err != nil {
			return err
		}
		opts = append(opts, mqtest.WithTopic(name, queues))
	}
	cluster, err := mqtest.NewCluster(opts...)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := cluster.Close(); err == nil {
			err = closeErr
		}
	}()
	if c.Bool("verbose") {
		logRequests(cluster, out)
	}
	if _, err := fmt.Fprintln(out, cluster.NameServer()); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// parseTopic reads name or name:queues.
func parseTopic(text string) (string, int, error) {
	name, number, given := strings.Cut(text, ":")
	if !given {
		return name, defaultTopicQueues, nil
	}
	queues, err := strconv.Atoi(number)
	if err != nil {
		return "", 0, fmt.Errorf("%w: --topic %s: %q is not a number of queues", errUsage, text, number)
	}
	return name, queues, nil
}

package test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/conformance"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/test/broker"
)

// TestConformance runs every behaviour case on the embedded broker and on each
// real release, two clusters at a time, and prints the table case × version.
func TestConformance(t *testing.T) {
	broker.Require(t, "java")
	chosen := versions(t)
	columns := append([]string{"embedded"}, chosen...)
	perColumn := make(map[string][]conformance.Result, len(columns))
	t.Cleanup(func() {
		var all []conformance.Result
		for _, c := range columns {
			all = append(all, perColumn[c]...)
		}
		// To standard output, not t.Log: the table is what one runs this for.
		fmt.Fprintln(os.Stdout, conformance.Table(all, columns))
	})
	perColumn["embedded"] = onEmbedded(t)
	// The newest releases take longest, so each pair has one of them.
	for i := 0; i < len(chosen); i += 2 {
		pair := chosen[i:min(i+2, len(chosen))]
		results := make([][]conformance.Result, len(pair))
		t.Run(fmt.Sprint("group", i/2), func(t *testing.T) {
			for j, version := range pair {
				t.Run(version, func(t *testing.T) {
					t.Parallel()
					results[j] = onReal(t, version)
				})
			}
		})
		for j, version := range pair {
			perColumn[version] = results[j]
		}
	}
}

// oldQueues makes a 4.x broker take every message for being on disk only; 5.x
// asks the operating system.
const oldQueues = "accessMessageInMemoryMaxRatio=0"

func onEmbedded(t *testing.T) (results []conformance.Result) {
	t.Run("embedded", func(t *testing.T) {
		cluster := mqtest.Start(t, mqtest.WithBrokers(2))
		results = conformance.Run(t, conformance.Target{
			Name:        "embedded",
			Release:     conformance.Release{Major: 5, Minor: 4},
			NameServers: cluster.NameServers(),
			DelayLevels: conformance.DefaultDelayLevels(),
			Parallel:    16,
		}, conformance.Cases())
	})
	return results
}

func onReal(t *testing.T, version string) []conformance.Result {
	release, err := conformance.ParseRelease(version)
	require.NoError(t, err)
	cfg := broker.Config{Version: version}
	if version == broker.V4_9_7 {
		// One of the releases has queues on two brokers, whose beginning is not in
		// memory any more: a new group then starts where it asked to.
		cfg.Masters, cfg.BrokerConf = 2, []string{oldQueues}
	}
	cluster := broker.Start(t, cfg)
	began := time.Now()
	defer func() { t.Logf("RocketMQ %s: cases took %v", version, time.Since(began).Round(time.Second)) }()
	return conformance.Run(t, conformance.Target{
		Name:        version,
		Release:     release,
		NameServers: cluster.NameServers(),
		DelayLevels: conformance.DefaultDelayLevels(),
		OldQueues:   slices.Contains(cfg.BrokerConf, oldQueues),
		Parallel:    6,
	}, conformance.Cases())
}

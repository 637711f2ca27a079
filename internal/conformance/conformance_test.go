package conformance

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/mqtest"
)

// TestConformance runs every case on the embedded broker.
func TestConformance(t *testing.T) {
	cluster := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithDelayLevels("500ms 1s 2s 4s"))
	if os.Getenv("CONFORMANCE_LIE") != "" {
		lie(cluster)
	}
	results := Run(t, Target{
		Name:        "embedded",
		Release:     Release{5, 4, 0},
		NameServers: cluster.NameServers(),
		DelayLevels: []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second},
		Parallel:    16,
	}, Cases())
	t.Log("\n" + Table(results, []string{"embedded"}))
}

// lie makes the embedded broker accept a message for a queue that does not
// exist. The gate is worth something only if a case notices (make prove-gates).
func lie(cluster *mqtest.Cluster) {
	cluster.OnCommand(command.CodeSendMessageV2, func(c *mqtest.Command) *mqtest.Reply {
		if !strings.Contains(c.Fields["b"], "queue_out_of_range") {
			return nil
		}
		return &mqtest.Reply{Fields: map[string]string{
			"msgId": strings.Repeat("0", 32), "queueId": c.Fields["e"], "queueOffset": "0", "transactionId": "LIE",
		}}
	})
}

// TestCases checks the list itself.
func TestCases(t *testing.T) {
	name := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, c := range Cases() {
		require.Regexp(t, name, c.Name)
		require.False(t, seen[c.Name], "%s is there twice", c.Name)
		seen[c.Name] = true
		require.NotEmpty(t, c.Row, c.Name)
		require.NotNil(t, c.Run, c.Name)
	}
}

func TestRelease(t *testing.T) {
	for _, text := range []string{"", "5", "5.4", "5.4.x", "5.4.0.1"} {
		_, err := ParseRelease(text)
		require.Error(t, err, text)
	}
	old, err := ParseRelease("4.9.7")
	require.NoError(t, err)
	recent, err := ParseRelease("5.4.0")
	require.NoError(t, err)
	require.True(t, old.Before(recent))
	require.False(t, recent.Before(old))
	require.False(t, old.Before(old))
	require.True(t, Release{4, 9, 6}.Before(old))
	require.Equal(t, "since 5.4.0", Case{Since: recent}.NotApplicable(old))
	require.Empty(t, Case{Since: old}.NotApplicable(recent))
}

func TestTable(t *testing.T) {
	table := Table([]Result{
		{Target: "a", Case: "one", Row: "r1", Outcome: Passed, Took: 1500 * time.Millisecond},
		{Target: "b", Case: "one", Row: "r1", Outcome: Failed, Took: time.Second},
		{Target: "a", Case: "two", Row: "r2", Outcome: NotApplicable, Detail: "since 5.0.0"},
	}, []string{"a", "b"})
	require.Equal(t, []string{
		"case row a b",
		"one r1 pass 1.5s FAIL 1.0s",
		"two r2 n/a: since 5.0.0 -",
		"2 cases pass/FAIL/n/a 1/0/1 0/1/0",
	}, strings.Split(regexp.MustCompile(` +`).ReplaceAllString(strings.TrimSpace(table), " "), "\n"))
}

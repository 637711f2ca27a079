package consumer

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/primitive"
)

// allocationVector is one line of testdata/java_allocation.jsonl, made by test/java's AllocationVectors.
type allocationVector struct {
	Strategy string
	Brokers  []string
	Queues   int
	Members  []string
	Asking   []string
	Result   [][]int // positions in the sorted queues for each one asking, null where Java throws
}

type roomPrefix struct{}

func (roomPrefix) BrokerDeployIn(mq primitive.MessageQueue) string {
	return strings.Split(mq.BrokerName, "-")[0]
}

func (roomPrefix) ConsumerDeployIn(clientID string) string { return strings.Split(clientID, "-")[0] }

func vectorStrategy(t *testing.T, name string) AllocateStrategy {
	switch name {
	case "AVG":
		return AllocateByAveragely
	case "AVG_BY_CIRCLE":
		return AllocateByAveragelyCircle
	case "MACHINE_ROOM":
		return AllocateByMachineRoom([]string{"room1", "room3"})
	case "MACHINE_ROOM_NEARBY-AVG":
		return AllocateByMachineRoomNearby(roomPrefix{}, AllocateByAveragely)
	case "MACHINE_ROOM_NEARBY-AVG_BY_CIRCLE":
		return AllocateByMachineRoomNearby(roomPrefix{}, AllocateByAveragelyCircle)
	case "MACHINE_ROOM_NEARBY-CONSISTENT_HASH":
		return AllocateByMachineRoomNearby(roomPrefix{}, AllocateByConsistentHash(10))
	}
	nodes, ok := strings.CutPrefix(name, "CONSISTENT_HASH-")
	require.True(t, ok, name)
	n, err := strconv.Atoi(nodes)
	require.NoError(t, err)
	return AllocateByConsistentHash(n)
}

func testQueues(brokers []string, queues int) []*primitive.MessageQueue {
	all := []*primitive.MessageQueue{}
	for _, broker := range brokers {
		for i := range queues {
			all = append(all, &primitive.MessageQueue{Topic: "TopicTest", BrokerName: broker, QueueId: i})
		}
	}
	slices.SortFunc(all, func(a, b *primitive.MessageQueue) int {
		if c := strings.Compare(a.BrokerName, b.BrokerName); c != 0 {
			return c
		}
		return a.QueueId - b.QueueId
	})
	return all
}

func TestAllocateAsJava(t *testing.T) {
	t.Parallel()
	f, err := os.Open(filepath.Join("testdata", "java_allocation.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	seen := map[string]int{}
	for lines.Scan() {
		var v allocationVector
		require.NoError(t, json.Unmarshal(lines.Bytes(), &v))
		strategy := vectorStrategy(t, v.Strategy)
		all := testQueues(v.Brokers, v.Queues)
		for i, cid := range v.Asking {
			got := strategy("group", cid, slices.Clone(all), slices.Clone(v.Members))
			what := fmt.Sprintf("line %d, %s for %s", seen["all"]+1, v.Strategy, cid)
			if v.Result[i] == nil {
				require.Nil(t, got, what)
				continue
			}
			require.NotNil(t, got, what)
			positions := []int{}
			for _, mq := range got {
				positions = append(positions, slices.Index(all, mq))
			}
			require.Equal(t, v.Result[i], positions, what)
		}
		seen["all"]++
		seen[v.Strategy]++
	}
	require.NoError(t, lines.Err())
	require.GreaterOrEqual(t, seen["all"], 400)
	for _, name := range []string{"AVG", "AVG_BY_CIRCLE", "MACHINE_ROOM", "CONSISTENT_HASH-0", "CONSISTENT_HASH-10", "MACHINE_ROOM_NEARBY-AVG"} {
		require.NotZero(t, seen[name], name)
	}
}

// Every strategy that knows no rooms must give each queue to exactly one member.
func TestAllocateEachQueueOnce(t *testing.T) {
	t.Parallel()
	strategies := map[string]AllocateStrategy{
		"averagely": AllocateByAveragely, "circle": AllocateByAveragelyCircle, "nearby": AllocateByMachineNearby,
		"consistent hash": AllocateByConsistentHash(10),
	}
	for name, strategy := range strategies {
		for queues := 1; queues <= 20; queues++ {
			for members := 1; members <= 25; members++ {
				all := testQueues([]string{"b"}, queues)
				var ids []string
				for i := range members {
					ids = append(ids, fmt.Sprintf("10.0.0.1@%03d", i))
				}
				owners := map[*primitive.MessageQueue]int{}
				for _, id := range ids {
					for _, mq := range strategy("group", id, all, ids) {
						owners[mq]++
					}
				}
				require.Len(t, owners, queues, "%s, %d queues, %d members", name, queues, members)
				for mq, n := range owners {
					require.Equal(t, 1, n, "%s: %s", name, mq)
				}
			}
		}
	}
}

func TestAllocateWrongInput(t *testing.T) {
	t.Parallel()
	all := testQueues([]string{"r1-a", "r2-a"}, 2)
	strategies := map[string]AllocateStrategy{
		"averagely":       AllocateByAveragely,
		"circle":          AllocateByAveragelyCircle,
		"nearby":          AllocateByMachineNearby,
		"consistent hash": AllocateByConsistentHash(10),
		"room":            AllocateByMachineRoom([]string{"r1"}),
		"room nearby":     AllocateByMachineRoomNearby(roomPrefix{}, AllocateByAveragely),
	}
	for name, strategy := range strategies {
		t.Run(name, func(t *testing.T) {
			require.Nil(t, strategy("group", "", all, []string{"r1-x"}))
			require.Nil(t, strategy("group", "r1-x", nil, []string{"r1-x"}))
			require.Nil(t, strategy("group", "r1-x", all, nil))
			stranger := strategy("group", "r9-x", all, []string{"r1-x"})
			require.NotNil(t, stranger)
			require.Empty(t, stranger)
		})
	}
	require.Nil(t, AllocateByConsistentHash(-1)("group", "x", all, []string{"x"}))
	require.Nil(t, AllocateByMachineRoomNearby(nil, AllocateByAveragely)("group", "r1-x", all, []string{"r1-x"}))
	require.Nil(t, AllocateByMachineRoomNearby(roomPrefix{}, nil)("group", "r1-x", all, []string{"r1-x"}))
	require.Nil(t, AllocateByMachineRoomNearby(roomPrefix{}, AllocateByAveragely)("group", "x", all, []string{"x", "-y"}), "no room for a member")
	noRoom := testQueues([]string{"-a"}, 1)
	require.Nil(t, AllocateByMachineRoomNearby(roomPrefix{}, AllocateByAveragely)("group", "r1-x", noRoom, []string{"r1-x"}), "no room for a broker")
}

func TestAllocateByConfig(t *testing.T) {
	t.Parallel()
	mine := testQueues([]string{"b"}, 2)
	strategy := AllocateByConfig(mine)
	require.Equal(t, mine, strategy("group", "x", testQueues([]string{"b"}, 9), []string{"y", "x"}))
	require.Nil(t, AllocateByConfig(nil)("group", "x", mine, []string{"x"}))
}

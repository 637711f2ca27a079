package mqserver

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
)

// Memory is bounded: the oldest messages go and the queues' first offsets move.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	c := start(t, withTopic("T", 2), func(c *Config) { c.MaxMemory = limit })
	p := dialBroker(t, c)
	body := strings.Repeat("x", 10<<10)
	other := v2("T")
	other.QueueID = 1
	p.send(other, body)
	for i := range 500 {
		require.EqualValues(t, i, p.send(v2("T"), body).QueueOffset)
		require.LessOrEqual(t, c.sets[0].store.log.held, int64(limit))
	}
	_, first := p.offset(command.CodeGetMinOffset, &command.GetMinOffsetRequest{Topic: "T"})
	require.Greater(t, first, int64(300))
	require.Less(t, first, int64(450))
	_, next := p.offset(command.CodeGetMaxOffset, &command.GetMinOffsetRequest{Topic: "T"})
	require.EqualValues(t, 500, next)
	_, at := p.offset(command.CodeGetMinOffset, &command.GetMinOffsetRequest{Topic: "T", QueueID: 1})
	require.EqualValues(t, 1, at)

	cmd, head, _ := p.pull(pullOf("T"))
	require.Equal(t, command.PullOffsetMoved, cmd.Code)
	require.Equal(t, "OFFSET_TOO_SMALL", cmd.Remark)
	require.Equal(t, first, head.NextBeginOffset)
	h := pullOf("T")
	h.QueueOffset = head.NextBeginOffset
	_, _, msgs := p.pull(h)
	require.NotEmpty(t, msgs)
	require.Equal(t, int(500-first), c.StoredCount("T"))
	require.Len(t, decodeAll(t, c.Stored("T")[0].Records), int(500-first))
	cmd = p.call(command.CodeViewMessageByID, &command.ViewMessageRequest{}, nil)
	require.Equal(t, command.SystemError, cmd.Code, "the first message is gone")
}

// One message may be larger than what the options allow for all: it is kept alone.
func TestMessageLargerThanMemory(t *testing.T) {
	t.Parallel()
	c := start(t, func(c *Config) { c.MaxMemory = 1 << 20 })
	p := dialBroker(t, c)
	for range 3 {
		p.send(v2("T"), strings.Repeat("x", 2<<20))
	}
	require.Equal(t, 1, c.StoredCount("T"))
}

func testStore(maxBytes int64) *store {
	s := newStore(realClock{}, delayLevels{1}, maxBytes, 1<<20)
	s.setHost(netip.MustParseAddrPort("127.0.0.1:1"))
	return s
}

func TestStoreWritesV2ForLongTopics(t *testing.T) {
	t.Parallel()
	s := testStore(1 << 20)
	m := &message{topic: retryPrefix + strings.Repeat("g", 200)}
	m.Body = []byte("x")
	out, code := s.put(m)
	require.Zero(t, code)
	rec := s.record(out.offset)
	require.Equal(t, []byte{0xDA, 0xA3, 0x20, 0xAB}, rec[4:8])
	require.Equal(t, m.topic, string(decodeAll(t, rec)[0].Topic))
	m = &message{topic: retryPrefix + strings.Repeat("g", 300)}
	_, code = s.put(m)
	require.Equal(t, codeMessageIllegal, code)
}

// Records that were handed out stay as they are whatever is dropped and stored afterwards.
func TestRecordsOutliveTheirSegment(t *testing.T) {
	t.Parallel()
	s := testStore(1 << 20)
	put := func(fill byte) stored {
		m := &message{topic: "T"}
		m.Body = bytes.Repeat([]byte{fill}, 20<<10)
		out, code := s.put(m)
		require.Zero(t, code)
		return out
	}
	first := s.record(put('a').offset)
	want := bytes.Clone(first)
	for range 200 {
		put('b')
	}
	require.Nil(t, s.record(0))
	require.Equal(t, want, first)
}

func TestIPv6Hosts(t *testing.T) {
	t.Parallel()
	s := testStore(1 << 20)
	s.setHost(netip.MustParseAddrPort("[::1]:7"))
	m := &message{topic: "T"}
	m.BornHost = netip.MustParseAddrPort("[fd00::1]:9")
	out, _ := s.put(m)
	require.Len(t, out.id, 56)
	got := decodeAll(t, s.record(out.offset))[0]
	require.Equal(t, "[fd00::1]:9", got.BornHost.String())
	require.Equal(t, "[::1]:7", got.StoreHost.String())
	require.Equal(t, got.StoreTimestamp, s.earliest("T", 0))
	require.NotZero(t, got.SysFlag&(record.FlagBornHostV6|record.FlagStoreHostV6))
}

package primitive_test

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	stderrors "errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/budget"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/primitive"
)

type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	*h = b
	return err
}

// javaMessage is what Java's MessageDecoder reads from a stored record.
type javaMessage struct {
	Name                          string
	Stored                        hexBytes
	Topic                         string
	Body                          hexBytes
	Flag, QueueID, SysFlag        int32
	QueueOffset, PhysicalOffset   int64
	BornTimestamp, StoreTimestamp int64
	BornIP, StoreIP               hexBytes
	BornPort, StorePort           uint16
	StoreSize, BodyCRC            int32
	ReconsumeTimes                int32
	PreparedTransactionOffset     int64
	MsgID, OffsetMsgID            string
	Properties                    map[string]string
	Inner                         []javaMessage
}

// recordVectors reads the lines of a file that package record is tested against too.
func recordVectors[T any](t testing.TB, name string) []T {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "internal", "remote", "record", "testdata", name))
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	var all []T
	for lines.Scan() {
		var v T
		require.NoError(t, json.Unmarshal(lines.Bytes(), &v))
		all = append(all, v)
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, all)
	return all
}

func hostPort(t testing.TB, ip []byte, port uint16) string {
	addr, ok := netip.AddrFromSlice(ip)
	require.True(t, ok)
	return netip.AddrPortFrom(addr, port).String()
}

func TestDecodeMessagesAsJava(t *testing.T) {
	t.Parallel()
	var all []byte
	var want []javaMessage
	for _, v := range recordVectors[javaMessage](t, "java_messages.jsonl") {
		all = append(all, v.Stored...)
		if v.Inner == nil {
			v.Inner = []javaMessage{v}
		}
		want = append(want, v.Inner...)
	}
	messages, err := primitive.DecodeMessages(all)
	require.NoError(t, err)
	require.Len(t, messages, len(want))
	for i, v := range want {
		m := messages[i]
		name := v.Name + " " + v.Topic
		require.Equal(t, v.Topic, m.Topic, name)
		require.Equal(t, []byte(v.Body), m.Body, name)
		require.Equal(t, v.Flag, m.Flag, name)
		require.Equal(t, primitive.MessageQueue{Topic: v.Topic, QueueId: int(v.QueueID)}, *m.Queue, name)
		require.Equal(t, v.QueueOffset, m.QueueOffset, name)
		require.Equal(t, v.PhysicalOffset, m.CommitLogOffset, name)
		require.Equal(t, v.SysFlag, m.SysFlag, name)
		require.Equal(t, v.MsgID, m.MsgId, name)
		require.Equal(t, v.Properties, m.GetProperties(), name)
		if v.Name == "" { // inside a batch
			require.Equal(t, messages[len(messages)-1].OffsetMsgId, m.OffsetMsgId)
			require.Equal(t, "10.0.0.2:10911", m.StoreHost)
			continue
		}
		require.Equal(t, v.OffsetMsgID, m.OffsetMsgId, name)
		require.Equal(t, v.StoreSize, m.StoreSize, name)
		require.Equal(t, v.BodyCRC, m.BodyCRC, name)
		require.Equal(t, hostPort(t, v.BornIP, v.BornPort), m.BornHost, name)
		require.Equal(t, hostPort(t, v.StoreIP, v.StorePort), m.StoreHost, name)
		require.Equal(t, v.BornTimestamp, m.BornTimestamp, name)
		require.Equal(t, v.StoreTimestamp, m.StoreTimestamp, name)
		require.Equal(t, v.ReconsumeTimes, m.ReconsumeTimes, name)
		require.Equal(t, v.PreparedTransactionOffset, m.PreparedTransactionOffset, name)
		if v.Name == "transaction" {
			require.Equal(t, v.MsgID, m.TransactionId)
		} else {
			require.Empty(t, m.TransactionId, name)
		}
	}
	require.Equal(t, messages, primitive.DecodeMessage(all))
}

func stored(t testing.TB, change func(*record.Message)) []byte {
	m := record.Message{
		QueueID: 3, QueueOffset: 5, PhysicalOffset: 1000, BornTimestamp: 1700000000000, StoreTimestamp: 1700000000001,
		BornHost: netip.MustParseAddrPort("10.0.0.1:1234"), StoreHost: netip.MustParseAddrPort("10.0.0.2:10911"),
		Body: []byte("hello"), Topic: []byte("TopicTest"),
		Properties: []byte("TAGS\x01TagA\x02UNIQ_KEY\x010A000001000100000000000000000001\x02KEYS\x01order-1\x02"),
	}
	if change != nil {
		change(&m)
	}
	b, err := m.Append(nil)
	require.NoError(t, err)
	return b
}

func compressed(t testing.TB, c record.Compression, body []byte) func(*record.Message) {
	compressor, err := record.NewCompressor(c, 5)
	require.NoError(t, err)
	b, err := compressor.Compress(nil, body)
	require.NoError(t, err)
	return func(m *record.Message) { m.Body, m.SysFlag = b, compressor.SysFlag() }
}

// Damage ends decoding with an error that tells what is damaged and where to go on; nothing before it is lost.
func TestDecodeMessagesDamage(t *testing.T) {
	t.Parallel()
	good := stored(t, nil)
	badBody := stored(t, func(m *record.Message) { m.SysFlag = record.FlagCompressed | 0x100; m.QueueOffset = 77 })
	unknown := stored(t, func(m *record.Message) { m.SysFlag = record.FlagCompressed | 0x500; m.QueueOffset = 77 })
	badTopic := stored(t, nil)
	badTopic[len(good)-len("UNIQ_KEY?0A000001000100000000000000000001?TAGS?TagA?KEYS?order-1?")-2-len("TopicTest")-1] = 0x7F
	tests := map[string]struct {
		damaged []byte
		next    bool // the record behind it is found
		message bool // all but the body is readable
		is      error
	}{
		"body":                {badBody, true, true, errors.ErrCorruptMessage},
		"unknown compression": {unknown, true, true, errors.ErrUnsupportedCompression},
		"topic":               {badTopic, true, false, errors.ErrCorruptMessage},
		"magic":               {append([]byte{0, 0, 1, 0, 1, 2, 3, 4}, good[8:]...), false, false, errors.ErrCorruptMessage},
		"size":                {append([]byte{0x7F}, good[1:]...), false, false, errors.ErrCorruptMessage},
		"cut":                 {good[:5], false, false, errors.ErrCorruptMessage},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			data := append(append(append([]byte(nil), good...), good...), tt.damaged...)
			if tt.next {
				data = append(data, good...)
			}
			messages, err := primitive.DecodeMessages(data)
			require.Len(t, messages, 2)
			require.Len(t, primitive.DecodeMessage(data), 2)
			require.ErrorIs(t, err, tt.is)
			var damage *primitive.DecodeError
			require.ErrorAs(t, err, &damage)
			require.Equal(t, damage.Err, stderrors.Unwrap(damage))
			require.Equal(t, 2*len(good), damage.Position)
			require.Equal(t, tt.message, damage.Message != nil)
			if tt.message {
				require.Equal(t, int64(77), damage.Message.QueueOffset)
				require.Equal(t, "hello", string(damage.Message.Body), "as it was stored")
				require.Contains(t, err.Error(), "topic TopicTest, queue 3, offset 77, id 0A000001000100000000000000000001")
			}
			if !tt.next {
				require.Zero(t, damage.Next)
				return
			}
			rest, err := primitive.DecodeMessages(data[damage.Next:])
			require.NoError(t, err)
			require.Len(t, rest, 1)
		})
	}
	messages, err := primitive.DecodeMessages(nil)
	require.NoError(t, err)
	require.Empty(t, messages)
}

func TestV14_CompressedMessagesComeOutPlain(t *testing.T) {
	t.Parallel()
	body := []byte(strings.Repeat("compress me ", 1000))
	var data []byte
	for _, c := range []record.Compression{record.LZ4, record.ZSTD, record.Zlib} {
		data = append(data, stored(t, compressed(t, c, body))...)
	}
	messages, err := primitive.DecodeMessages(data)
	require.NoError(t, err)
	require.Len(t, messages, 3)
	for i, m := range messages {
		require.Equal(t, body, m.Body)
		require.Equal(t, int32(i+1)<<8, m.SysFlag, "the type stays, the flag goes")
	}
	empty := stored(t, func(m *record.Message) { m.Body, m.SysFlag = nil, record.FlagCompressed })
	messages, err = primitive.DecodeMessages(empty)
	require.NoError(t, err, "nothing is nothing, compressed or not")
	require.Empty(t, messages[0].Body)
}

// Bodies alias the answer; capacity ends with the body, so that appending to one does not overwrite what follows.
func TestDecodeMessagesAlias(t *testing.T) {
	t.Parallel()
	data := append(stored(t, nil), stored(t, nil)...)
	before := string(data)
	messages, err := primitive.DecodeMessages(data)
	require.NoError(t, err)
	_ = append(messages[0].Body, "more"...)
	require.Equal(t, before, string(data))
	require.Equal(t, "hello", string(messages[1].Body))
	messages[0].Queue.BrokerName = "b"
	require.Empty(t, messages[1].Queue.BrokerName, "each has a queue of its own")
	messages[0].WithTag("other")
	require.Equal(t, "TagA", messages[1].GetTags())
}

func TestDecodeInnerBatch(t *testing.T) {
	t.Parallel()
	var inner []byte
	for i := range 3 {
		inner = (&record.BatchMessage{Flag: int32(i), Body: fmt.Appendf(nil, "inner %d", i),
			Properties: fmt.Appendf(nil, "TAGS\x01t%d\x02", i)}).Append(inner)
	}
	const flags = record.FlagInnerBatch | record.FlagNeedUnwrap
	batch := func(body []byte, sysFlag int32) []byte {
		return stored(t, func(m *record.Message) { m.Body, m.SysFlag, m.QueueOffset = body, sysFlag, 100 })
	}
	messages, err := primitive.DecodeMessages(append(batch(inner, flags), stored(t, nil)...))
	require.NoError(t, err)
	require.Len(t, messages, 4)
	for i, m := range messages[:3] {
		require.Equal(t, fmt.Sprintf("inner %d", i), string(m.Body))
		require.Equal(t, int32(i), m.Flag)
		require.Equal(t, int64(100+i), m.QueueOffset)
		require.Equal(t, fmt.Sprintf("t%d", i), m.GetTags())
		require.Equal(t, m.OffsetMsgId, m.MsgId, "it has no id of its own")
		require.Equal(t, int64(1000), m.CommitLogOffset)
		require.Equal(t, "TopicTest", m.Topic)
		require.Equal(t, 3, m.Queue.QueueId)
	}
	require.NotSame(t, messages[0].Queue, messages[1].Queue)

	// What cannot be split, and what is not meant to be, is delivered as it is.
	for name, data := range map[string][]byte{
		"damaged": batch(inner[:len(inner)-1], flags), "empty": batch(nil, flags),
		"not to be unwrapped": batch(inner, record.FlagInnerBatch), "no batch": batch(inner, record.FlagNeedUnwrap),
	} {
		messages, err = primitive.DecodeMessages(append(stored(t, nil), data...))
		require.NoError(t, err, name)
		require.Len(t, messages, 2, name)
		require.Equal(t, "0A000001000100000000000000000001", messages[1].MsgId, name)
	}
}

func pullBody(t testing.TB, n int) []byte {
	var data []byte
	for i := range n {
		data = append(data, stored(t, func(m *record.Message) {
			m.QueueOffset, m.PhysicalOffset, m.Body = int64(i), int64(i*1200), make([]byte, 1024)
			m.BornHost = netip.AddrPortFrom(m.BornHost.Addr(), uint16(1000+i%4))
		})...)
	}
	return data
}

func TestDecodeMessagesAllocs(t *testing.T) {
	data := pullBody(t, 32)
	// two for each message, the list, one topic, one store host and four born hosts
	budget.Allocs(t, 2*32+1+1+1+4+1, 100, func() {
		if m, err := primitive.DecodeMessages(data); err != nil || len(m) != 32 {
			panic(err)
		}
	})
}

func BenchmarkDecodeMessages(b *testing.B) {
	data := pullBody(b, 32)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := primitive.DecodeMessages(data); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzDecodeMessages(f *testing.F) {
	for _, v := range recordVectors[javaMessage](f, "java_messages.jsonl") {
		if len(v.Stored) < 2000 {
			f.Add([]byte(v.Stored))
			f.Add(append(append([]byte(nil), v.Stored...), v.Stored...))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		messages, err := primitive.DecodeMessages(data)
		for _, m := range messages {
			if m.Queue == nil || m.MsgId == "" || m.OffsetMsgId == "" || m.SysFlag&record.FlagCompressed != 0 || m.String() == "" {
				t.Fatalf("half a message: %s", m)
			}
		}
		var damage *primitive.DecodeError
		if err == nil {
			return
		}
		if !stderrors.As(err, &damage) || damage.Next != 0 && (damage.Next <= damage.Position || damage.Next > len(data)) || err.Error() == "" {
			t.Fatalf("no way on from %v", err)
		}
	})
}

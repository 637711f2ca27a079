package record

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/budget"
)

// javaMessage is a record that Java encoded, with what Java reads from it.
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
	Inner                         []any
}

func addrPort(t testing.TB, ip []byte, port uint16) netip.AddrPort {
	addr, ok := netip.AddrFromSlice(ip)
	require.True(t, ok)
	return netip.AddrPortFrom(addr, port)
}

func TestMessageDecodesWhatJavaEncodes(t *testing.T) {
	t.Parallel()
	versions := map[uint32]int{}
	for _, v := range vectors[javaMessage](t, "java_messages.jsonl") {
		if v.Inner != nil {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			var m Message
			n, err := m.Decode(v.Stored)
			require.NoError(t, err)
			require.Equal(t, len(v.Stored), n)
			require.Equal(t, v.StoreSize, m.StoreSize)
			require.Equal(t, v.BodyCRC, m.BodyCRC)
			require.Equal(t, v.BodyCRC, BodyCRC(m.Body))
			require.Equal(t, v.QueueID, m.QueueID)
			require.Equal(t, v.Flag, m.Flag)
			require.Equal(t, v.QueueOffset, m.QueueOffset)
			require.Equal(t, v.PhysicalOffset, m.PhysicalOffset)
			require.Equal(t, v.SysFlag, m.SysFlag&^FlagCompressed)
			require.Equal(t, v.BornTimestamp, m.BornTimestamp)
			require.Equal(t, v.StoreTimestamp, m.StoreTimestamp)
			require.Equal(t, addrPort(t, v.BornIP, v.BornPort), m.BornHost)
			require.Equal(t, addrPort(t, v.StoreIP, v.StorePort), m.StoreHost)
			require.Equal(t, v.ReconsumeTimes, m.ReconsumeTimes)
			require.Equal(t, v.PreparedTransactionOffset, m.PreparedTransactionOffset)
			require.Equal(t, v.Topic, string(m.Topic))
			require.Equal(t, v.Properties, propertyMap(string(m.Properties)))
			require.Equal(t, v.OffsetMsgID, OffsetID(m.StoreHost, m.PhysicalOffset))
			body, err := Decompress(m.SysFlag, m.Body, MaxDecompressedSize)
			require.NoError(t, err)
			require.Equal(t, []byte(v.Body), body)

			again, err := m.Append(nil)
			require.NoError(t, err)
			require.Equal(t, []byte(v.Stored), again, "ours must be Java's bytes")
			prefixed, err := m.Append([]byte("before"))
			require.NoError(t, err)
			require.Equal(t, "before"+string(again), string(prefixed))
		})
		versions[binary.BigEndian.Uint32(v.Stored[4:])]++
	}
	require.NotZero(t, versions[MagicV1])
	require.NotZero(t, versions[MagicV2])
}

// The vector of the protocol notes: an E property without a value in front of TAGS.
func TestMessageGolden(t *testing.T) {
	t.Parallel()
	b := unhex(t, "00000076daa320a73610a6860000000300000000000000000000000500000000000003e8000000000000018bcfe568000a000001000004d2"+
		"0000018bcfe568010a00000200002a9f0000000000000000000000000000000568656c6c6f09546f70696354657374000d45010254414753015461674102")
	var m Message
	n, err := m.Decode(b)
	require.NoError(t, err)
	require.Equal(t, len(b), n)
	require.Equal(t, int32(907060870), m.BodyCRC)
	require.Equal(t, "0A00000200002A9F00000000000003E8", OffsetID(m.StoreHost, m.PhysicalOffset))
	require.Equal(t, "hello", string(m.Body))
	require.Equal(t, map[string]string{"TAGS": "TagA"}, propertyMap(string(m.Properties)))
	require.Equal(t, netip.MustParseAddrPort("10.0.0.1:1234"), m.BornHost)
}

func testMessage() Message {
	return Message{
		QueueID: 1, Flag: 2, QueueOffset: 3, PhysicalOffset: 4, BornTimestamp: 5, StoreTimestamp: 6,
		BornHost: netip.MustParseAddrPort("10.0.0.1:1"), StoreHost: netip.MustParseAddrPort("10.0.0.2:2"),
		ReconsumeTimes: 7, PreparedTransactionOffset: 8,
		Body: []byte("body"), Topic: []byte("topic"), Properties: []byte("a\x01b\x02"),
	}
}

// Each record of a concatenation is found, whichever versions and addresses they have.
func TestMessageConcatenated(t *testing.T) {
	t.Parallel()
	var all []byte
	hosts := []string{"1.2.3.4:5", "[2001:db8::1]:6", "[::ffff:1.2.3.4]:7"}
	var want []Message
	for i, host := range hosts {
		m := testMessage()
		m.QueueOffset = int64(i)
		m.BornHost = netip.MustParseAddrPort(host)
		m.StoreHost = netip.MustParseAddrPort(hosts[len(hosts)-1-i])
		m.Topic = []byte(strings.Repeat("t", 100*(i+1)))
		var err error
		all, err = m.Append(all)
		require.NoError(t, err)
		want = append(want, m)
	}
	for i, pos := 0, 0; i < len(want); i++ {
		var m Message
		n, err := m.Decode(all[pos:])
		require.NoError(t, err)
		pos += n
		require.Equal(t, want[i].QueueOffset, m.QueueOffset)
		require.Equal(t, want[i].BornHost, m.BornHost)
		require.Equal(t, want[i].StoreHost, m.StoreHost)
		require.Equal(t, want[i].Topic, m.Topic)
	}
}

func TestMessageAppendLimits(t *testing.T) {
	t.Parallel()
	m := testMessage()
	m.Topic = make([]byte, 1<<15)
	dst, err := m.Append([]byte("x"))
	require.ErrorIs(t, err, ErrTooLarge)
	require.Equal(t, "x", string(dst))
	m = testMessage()
	m.Properties = make([]byte, MaxPropertiesSize+1)
	_, err = m.Append(nil)
	require.ErrorIs(t, err, ErrTooLarge)
	m.Properties = make([]byte, MaxPropertiesSize)
	m.Topic = make([]byte, 1<<15-1)
	b, err := m.Append(nil)
	require.NoError(t, err)
	var d Message
	_, err = d.Decode(b)
	require.NoError(t, err)
	require.Len(t, d.Topic, 1<<15-1)

	m = testMessage()
	m.BornHost, m.StoreHost = netip.AddrPort{}, netip.AddrPort{}
	b, err = m.Append(nil)
	require.NoError(t, err)
	_, err = d.Decode(b)
	require.NoError(t, err)
	require.Equal(t, netip.MustParseAddrPort("0.0.0.0:0"), d.BornHost)
}

func TestMessageDecodeCorrupt(t *testing.T) {
	t.Parallel()
	m := testMessage()
	good, err := m.Append(nil)
	require.NoError(t, err)
	bodyLen := minRecordSize - 4 - 1 - 2
	change := func(pos int, b ...byte) func([]byte) []byte {
		return func(r []byte) []byte {
			copy(r[pos:], b)
			return r
		}
	}
	tests := map[string]struct {
		damage func([]byte) []byte
		size   int // what Decode returns: 0 when the next record cannot be found
	}{
		"empty":               {func([]byte) []byte { return nil }, 0},
		"cut in the length":   {func(r []byte) []byte { return r[:3] }, 0},
		"cut in the magic":    {func(r []byte) []byte { return r[:7] }, 0},
		"cut at the end":      {func(r []byte) []byte { return r[:len(r)-1] }, 0},
		"magic":               {change(4, 1), 0},
		"blank":               {change(4, 0xCB, 0xD4, 0x31, 0x94), 0},
		"size zero":           {change(0, 0, 0, 0, 0), 0},
		"size negative":       {change(0, 0xFF), 0},
		"size small":          {change(0, 0, 0, 0, minRecordSize-1), 0},
		"size too large":      {change(3, byte(len(good)+1)), 0},
		"size short of all":   {change(3, byte(len(good)-1)), len(good) - 1},
		"body negative":       {change(bodyLen, 0x80), len(good)},
		"body too long":       {change(bodyLen+3, 200), len(good)},
		"body shorter":        {change(bodyLen+3, 1), len(good)},
		"topic negative":      {change(bodyLen+4+4, 0x80), len(good)},
		"topic too long":      {change(bodyLen+4+4, 0x7F), len(good)},
		"properties negative": {change(len(good)-6, 0x80), len(good)},
		"properties too long": {change(len(good)-6, 0x7F), len(good)},
		"left over":           {change(len(good)-6, 0, 3), len(good)},
		"born port":           {change(52, 0, 1), len(good)},
		"store port negative": {change(68, 0x80), len(good)},
		"IPv6 bits set":       {change(39, 0x30), len(good)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var m Message
			n, err := m.Decode(tt.damage(append([]byte(nil), good...)))
			require.ErrorIs(t, err, ErrCorrupt)
			require.Equal(t, tt.size, n)
		})
	}
}

func TestMessageAllocs(t *testing.T) {
	m := testMessage()
	b, err := m.Append(nil)
	require.NoError(t, err)
	var d Message
	budget.Allocs(t, 0, 100, func() {
		if _, err := d.Decode(b); err != nil {
			panic(err)
		}
	})
	buf := make([]byte, 0, 1024)
	budget.Allocs(t, 0, 100, func() {
		if _, err := m.Append(buf); err != nil {
			panic(err)
		}
	})
}

func FuzzMessageDecode(f *testing.F) {
	for _, v := range vectors[javaMessage](f, "java_messages.jsonl") {
		f.Add([]byte(v.Stored))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var m Message
		n, err := m.Decode(b)
		if n < 0 || n > len(b) || err == nil && n < minRecordSize {
			t.Fatalf("Decode returns %d of %d bytes, %v", n, len(b), err)
		}
		if err != nil {
			return
		}
		again, err := m.Append(nil)
		if err != nil {
			t.Fatalf("a decoded record does not encode: %v", err)
		}
		var back Message
		if _, err := back.Decode(again); err != nil {
			t.Fatalf("an encoded record does not decode: %v", err)
		}
		if string(back.Body) != string(m.Body) || string(back.Topic) != string(m.Topic) ||
			string(back.Properties) != string(m.Properties) || back.BornHost != m.BornHost || back.StoreHost != m.StoreHost ||
			back.QueueOffset != m.QueueOffset || back.SysFlag != m.SysFlag {
			t.Fatalf("%+v became %+v", m, back)
		}
	})
}

package wire

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/budget"
)

// sendFields looks like the header of SEND_MESSAGE_V2.
type sendFields struct{ properties []byte }

func (h *sendFields) AppendFields(w *FieldWriter) {
	w.String("a", "PG")
	w.String("b", "TopicTest")
	w.String("c", "TBW102")
	w.Int32("d", 4)
	w.Int32("e", 3)
	w.Int32("f", 0)
	w.Int64("g", 1700000000000)
	w.Int32("h", 0)
	w.Bytes("i", h.properties)
	w.Int32("j", 0)
	w.Bool("k", false)
	w.Bool("m", false)
	w.String("n", "broker-a")
}

var (
	sendProperties = []byte("UNIQ_KEY\x010A0000010002000000000000000000FF\x02WAIT\x01true\x02TAGS\x01中\x02")
	answerHead     = Head{Flag: FlagResponse, Version: Version, Opaque: 7}
	answerFields   = Fields{
		{"msgId", "7F000001000051AF0000000000001928"}, {"queueId", "3"}, {"queueOffset", "5"},
		{"transactionId", "0A0000010002000000000000000000FF"}, {"MSG_REGION", "DefaultRegion"}, {"TRACE_ON", "true"},
	}
)

// discard takes the fields and keeps none.
type discard struct{ n int }

func (d *discard) SetField(key, value []byte) error {
	d.n += len(key) + len(value)
	return nil
}

func TestAllocBudgetEncode(t *testing.T) {
	for _, s := range []Serialization{JSON, RocketMQ} {
		buffer := make([]byte, 0, 4096)
		body := make([]byte, 1024)
		h := &sendFields{sendProperties}
		head := Head{Code: 310, Language: LanguageGo, Version: Version}
		extra := []Field{{"Signature", "xyz"}}
		budget.Allocs(t, 0, 1000, func() {
			head.Opaque++
			_, _ = AppendFrame(buffer, s, &head, h, extra, body)
		})
	}
}

func TestAllocBudgetDecode(t *testing.T) {
	for _, s := range []Serialization{JSON, RocketMQ} {
		frame, err := AppendFrame(nil, s, &answerHead, answerFields, nil, nil)
		require.NoError(t, err)
		d := &discard{}
		budget.Allocs(t, 1, 1000, func() {
			c, err := Decode(frame[4:])
			if err == nil {
				err = c.DecodeFields(d)
			}
			require.NoError(t, err)
		})
	}
}

func TestAllocBudgetNormalizeStandardJSON(t *testing.T) {
	body := []byte(`{"brokerDatas":[{"brokerAddrs":{"0":"10.0.0.1:10911"},"brokerName":"broker-a","cluster":"C"}]}`)
	budget.Allocs(t, 0, 1000, func() { _ = Normalize(body) })
}

func BenchmarkAppendFrame(b *testing.B) {
	for _, s := range []Serialization{JSON, RocketMQ} {
		b.Run(s.String(), func(b *testing.B) {
			buffer := make([]byte, 0, 4096)
			body := make([]byte, 1024)
			h := &sendFields{sendProperties}
			head := Head{Code: 310, Language: LanguageGo, Version: Version}
			b.ReportAllocs()
			for b.Loop() {
				head.Opaque++
				_, _ = AppendFrame(buffer, s, &head, h, nil, body)
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, s := range []Serialization{JSON, RocketMQ} {
		b.Run(s.String(), func(b *testing.B) {
			frame, err := AppendFrame(nil, s, &answerHead, answerFields, nil, nil)
			require.NoError(b, err)
			d := &discard{}
			b.ReportAllocs()
			for b.Loop() {
				c, err := Decode(frame[4:])
				if err == nil {
					err = c.DecodeFields(d)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReader(b *testing.B) {
	frame, err := AppendFrame(nil, JSON, &answerHead, answerFields, nil, nil)
	require.NoError(b, err)
	stream := bytes.Repeat(frame, 1000)
	b.ReportAllocs()
	b.SetBytes(int64(len(stream)))
	for b.Loop() {
		r := NewReader(bytes.NewReader(stream), 0)
		for range 1000 {
			if _, err := r.Next(); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkNormalize(b *testing.B) {
	for name, body := range map[string]string{
		"standard": `{"brokerAddrTable":{"broker-a":{"brokerAddrs":{"0":"127.0.0.1:10911"},"brokerName":"broker-a"}}}`,
		"dialect":  `{"brokerAddrTable":{"broker-a":{"brokerAddrs":{0:"127.0.0.1:10911"},"brokerName":"broker-a"}}}`,
	} {
		b.Run(name, func(b *testing.B) {
			in := []byte(body)
			b.ReportAllocs()
			for b.Loop() {
				_ = Normalize(in)
			}
		})
	}
}

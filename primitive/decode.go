package primitive

import (
	stderrors "errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
)

// DecodeError tells where decoding stopped. It wraps errors.ErrCorruptMessage, or
// errors.ErrUnsupportedCompression when all that is wrong is a compression that this version does not know.
type DecodeError struct {
	// Position is where in the data the damaged record starts.
	Position int
	// Next is where the record behind it starts, 0 when that cannot be told.
	Next int
	// Message is the damaged message when only its body cannot be read, which is then as it was stored; else nil.
	Message *MessageExt
	// Err is the cause.
	Err error
}

// Error says what is damaged where.
func (e *DecodeError) Error() string {
	if e.Message != nil {
		return fmt.Sprintf("decode message at byte %d, topic %s, queue %d, offset %d, id %s: %v",
			e.Position, e.Message.Topic, e.Message.Queue.QueueId, e.Message.QueueOffset, e.Message.MsgId, e.Err)
	}
	return fmt.Sprintf("decode message at byte %d: %v", e.Position, e.Err)
}

// Unwrap returns the cause.
func (e *DecodeError) Unwrap() error { return e.Err }

// Is reports whether target is the sentinel for the kind of damage.
func (e *DecodeError) Is(target error) bool {
	if stderrors.Is(e.Err, record.ErrUnknownCompression) {
		return target == errors.ErrUnsupportedCompression
	}
	return target == errors.ErrCorruptMessage
}

// DecodeMessage decodes the messages in the body of a pull's answer and stops at the first that is damaged, as Java
// does. DecodeMessages also tells about the damage.
func DecodeMessage(data []byte) []*MessageExt {
	messages, _ := DecodeMessages(data)
	return messages
}

// DecodeMessages decodes the messages in the body of a pull's answer. The bodies of those that are not compressed
// alias data: it may not be changed afterwards, and one message that is kept keeps all of data. Compressed bodies are
// decompressed to at most 64 MiB. A record that stands for several messages (an inner batch) becomes these messages.
//
// A damaged record ends it: the messages before it are returned with a *DecodeError that says where to go on.
func DecodeMessages(data []byte) ([]*MessageExt, error) {
	d := decoder{data: data}
	for pos := 0; pos < len(data); {
		n, err := d.next(pos)
		if err != nil {
			return d.out, err
		}
		pos += n
	}
	return d.out, nil
}

// decoder decodes one answer. Its messages mostly have the same topic and store host, and few born hosts: their
// texts are made once.
type decoder struct {
	data  []byte
	out   []*MessageExt
	rec   record.Message
	topic string
	hosts [8]hostText
	turn  int // of hosts: the one to replace next
}

type hostText struct {
	host netip.AddrPort
	text string
}

func (d *decoder) next(pos int) (int, error) {
	n, err := d.rec.Decode(d.data[pos:])
	if err != nil {
		e := &DecodeError{Position: pos, Err: err}
		if n > 0 {
			e.Next = pos + n
		}
		return 0, e
	}
	if d.out == nil {
		d.out = make([]*MessageExt, 0, min(len(d.data)/n, 64))
	}
	m := d.message()
	if len(m.Body) > 0 {
		if m.Body, err = record.Decompress(m.SysFlag, m.Body, record.MaxDecompressedSize); err != nil {
			m.Body = d.rec.Body
			return 0, &DecodeError{Position: pos, Next: pos + n, Message: m, Err: err}
		}
	}
	m.SysFlag &^= record.FlagCompressed
	const inner = record.FlagInnerBatch | record.FlagNeedUnwrap
	if m.SysFlag&inner == inner && d.unwrap(m) {
		return n, nil
	}
	d.out = append(d.out, m)
	return n, nil
}

// message makes a MessageExt of the record, with two allocations: itself and one text for properties and id.
func (d *decoder) message() *MessageExt {
	r := &d.rec
	m := &MessageExt{
		Message:                   Message{Topic: d.topicText(r.Topic), Body: r.Body, Flag: r.Flag},
		StoreSize:                 r.StoreSize,
		QueueOffset:               r.QueueOffset,
		SysFlag:                   r.SysFlag,
		BornTimestamp:             r.BornTimestamp,
		BornHost:                  d.hostText(r.BornHost),
		StoreTimestamp:            r.StoreTimestamp,
		StoreHost:                 d.hostText(r.StoreHost),
		CommitLogOffset:           r.PhysicalOffset,
		BodyCRC:                   r.BodyCRC,
		ReconsumeTimes:            r.ReconsumeTimes,
		PreparedTransactionOffset: r.PreparedTransactionOffset,
	}
	m.queue = MessageQueue{Topic: m.Topic, QueueId: int(r.QueueID)}
	m.Queue = &m.queue

	var idBuf [56]byte
	id := record.AppendOffsetID(idBuf[:0], r.StoreHost, r.PhysicalOffset)
	var buf [1024]byte
	text := string(append(append(buf[:0], r.Properties...), id...))
	m.props, m.OffsetMsgId = text[:len(r.Properties)], text[len(r.Properties):]
	m.setIDs()
	return m
}

// setIDs sets the ids that follow from the properties. The transaction's is the message's own (Java: PullAPIWrapper).
func (msgExt *MessageExt) setIDs() {
	id := msgExt.GetProperty(PropertyUniqueClientMessageIdKeyIndex)
	msgExt.TransactionId = ""
	if strings.EqualFold(msgExt.GetProperty(PropertyTransactionPrepared), "true") {
		msgExt.TransactionId = id
	}
	if id == "" {
		id = msgExt.OffsetMsgId
	}
	msgExt.MsgId = id
}

func (d *decoder) topicText(topic []byte) string {
	if d.topic != string(topic) {
		d.topic = string(topic)
	}
	return d.topic
}

func (d *decoder) hostText(host netip.AddrPort) string {
	for i := range d.hosts {
		if d.hosts[i].host == host && d.hosts[i].text != "" {
			return d.hosts[i].text
		}
	}
	text := host.String()
	d.hosts[d.turn] = hostText{host, text}
	d.turn = (d.turn + 1) % len(d.hosts)
	return text
}

// unwrap appends the messages inside an inner batch (Java: MessageDecoder.decodeMessage with a list). When one is
// damaged it appends none and returns false: the outer message is then delivered as it is, as Java does.
func (d *decoder) unwrap(outer *MessageExt) bool {
	before := len(d.out)
	body := outer.Body
	for i := int64(0); len(body) > 0; i++ {
		var r record.BatchMessage
		n, err := r.Decode(body)
		if err != nil {
			clear(d.out[before:])
			d.out = d.out[:before]
			return false
		}
		m := new(MessageExt)
		*m = *outer
		m.queue = outer.queue
		m.Queue = &m.queue
		m.QueueOffset += i
		m.Flag = r.Flag
		m.Body = r.Body
		m.BodyCRC = record.BodyCRC(r.Body)
		m.SetEncodedProperties(string(r.Properties))
		m.setIDs()
		d.out = append(d.out, m)
		body = body[n:]
	}
	return len(d.out) > before
}

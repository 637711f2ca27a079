package record

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"

	"go.uber.org/atomic"
)

// IDGenerator makes the ids that clients give to messages (property UNIQ_KEY), in the layout that Java's
// MessageClientIDSetter writes and admin tools take apart: upper-case hex of
//
//	address 4 or 16 | process id 2 | generator 4 | milliseconds since the 1st of the month, local time, 4 | counter 2
//
// No id comes twice from one generator: time and counter are one number that only grows, by an atomic addition when
// the clock has not moved on, so more than 65,536 ids in a millisecond borrow from the next one and a clock that is
// set back changes nothing; and the generator bytes move on with the month, in which the time starts over. Two
// generators differ in their random bytes: 32 bits, and 16 more in place of a process id of 1, which all containers
// have; only two that draw the same ones, on one address, in one month, could meet.
//
// It is safe for concurrent use. The zero value is not usable.
type IDGenerator struct {
	last  atomic.Int64 // milliseconds since 1970 << 16 | counter; first, because 32-bit machines align no other field
	month atomic.Pointer[idMonth]
	now   func() time.Time
	host  []byte // address and process id
	seed  uint32
}

// idMonth is what is constant within a month. Immutable.
type idMonth struct {
	start, end int64  // milliseconds since 1970: [start, end)
	prefix     []byte // hex of address, process id and generator
}

// NewIDGenerator returns a generator with the address of this machine (the first IPv4 address that is not loopback,
// else IPv6, else random bytes) and random generator bytes. It never fails.
func NewIDGenerator() *IDGenerator {
	var random [4 + 2 + 4]byte
	_, _ = rand.Read(random[:]) // never returns an error since Go 1.24
	host := localAddress()
	if host == nil {
		host = random[:4]
	}
	pid := uint16(os.Getpid())
	if os.Getpid() == 1 {
		pid = binary.BigEndian.Uint16(random[4:])
	}
	return newIDGenerator(host, pid, binary.BigEndian.Uint32(random[6:]), time.Now)
}

func newIDGenerator(address []byte, pid uint16, seed uint32, now func() time.Time) *IDGenerator {
	host := append([]byte(nil), address...)
	return &IDGenerator{now: now, host: binary.BigEndian.AppendUint16(host, pid), seed: seed}
}

// Next returns a new id of 32 characters, or 56 when the machine has only an IPv6 address.
func (g *IDGenerator) Next() string {
	var buf [56]byte
	return string(g.AppendNext(buf[:0]))
}

// AppendNext appends a new id to dst.
func (g *IDGenerator) AppendNext(dst []byte) []byte {
	t := g.tick()
	millis := t >> 16
	m := g.month.Load()
	if m == nil || millis < m.start || millis >= m.end {
		m = g.newMonth(millis)
		g.month.Store(m)
	}
	dst = append(dst, m.prefix...)
	since := uint32(millis - m.start)
	counter := uint16(t)
	return append(dst,
		upperHex[since>>28], upperHex[since>>24&15], upperHex[since>>20&15], upperHex[since>>16&15],
		upperHex[since>>12&15], upperHex[since>>8&15], upperHex[since>>4&15], upperHex[since&15],
		upperHex[counter>>12], upperHex[counter>>8&15], upperHex[counter>>4&15], upperHex[counter&15])
}

// tick returns a number that no other call returns and that grows: the present millisecond with counter 0, or the
// last one plus one.
func (g *IDGenerator) tick() int64 {
	now := g.now().UnixMilli() << 16
	for {
		last := g.last.Load()
		if last >= now {
			return g.last.Inc()
		}
		if g.last.CompareAndSwap(last, now) {
			return now
		}
	}
}

// newMonth depends on nothing but the month, so that goroutines that race for it agree.
func (g *IDGenerator) newMonth(millis int64) *idMonth {
	t := time.UnixMilli(millis)
	start := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.Local)
	months := uint32(t.Year())*12 + uint32(t.Month())
	b := binary.BigEndian.AppendUint32(append([]byte(nil), g.host...), g.seed+months)
	return &idMonth{
		start:  start.UnixMilli(),
		end:    start.AddDate(0, 1, 0).UnixMilli(),
		prefix: appendHex(nil, b),
	}
}

// localAddress returns 4 or 16 bytes, or nil when there is no address or the system does not tell.
func localAddress() []byte {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var v6 []byte
	for _, a := range addrs {
		ipNet, ok := a.(*net.IPNet)
		if !ok || ipNet.IP.IsLoopback() || ipNet.IP.IsLinkLocalUnicast() || ipNet.IP.IsUnspecified() {
			continue
		}
		if v4 := ipNet.IP.To4(); v4 != nil {
			return v4
		}
		if v6 == nil {
			v6 = ipNet.IP.To16()
		}
	}
	return v6
}

// UniqID is a unique id taken apart.
type UniqID struct {
	Addr      netip.Addr
	PID       uint16
	Generator uint32
	Millis    uint32 // since the 1st of its month, 00:00 in the local time of the sender
	Counter   uint16
}

// ParseUniqID takes an id apart that Next or a Java client made; hex digits of either case are accepted. The error
// wraps ErrMessageID.
func ParseUniqID(id string) (UniqID, error) {
	var buf [28]byte
	if len(id) != 32 && len(id) != 56 {
		return UniqID{}, fmt.Errorf("%w: %.64q has %d characters, a unique id has 32 or 56", ErrMessageID, id, len(id))
	}
	n, err := hex.Decode(buf[:], []byte(id))
	if err != nil {
		return UniqID{}, fmt.Errorf("%w: %q: %w", ErrMessageID, id, err)
	}
	u := UniqID{Addr: netip.AddrFrom4([4]byte(buf[:]))}
	if n == len(buf) {
		u.Addr = netip.AddrFrom16([16]byte(buf[:]))
	}
	b := buf[n-12 : n]
	u.PID = binary.BigEndian.Uint16(b)
	u.Generator = binary.BigEndian.Uint32(b[2:])
	u.Millis = binary.BigEndian.Uint32(b[6:])
	u.Counter = binary.BigEndian.Uint16(b[10:])
	return u, nil
}

// Time returns when the id was made, taking it as made at most a month before now and in now's location: the id
// does not hold the month (Java: MessageClientIDSetter.getNearlyTimeFromID).
func (u UniqID) Time(now time.Time) time.Time {
	start := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, now.Location())
	t := start.Add(time.Duration(u.Millis) * time.Millisecond)
	if !t.Before(now) {
		t = start.AddDate(0, -1, 0).Add(time.Duration(u.Millis) * time.Millisecond)
	}
	return t
}

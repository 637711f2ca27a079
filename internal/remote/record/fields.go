package record

import (
	"encoding/binary"
	"fmt"
	"math"
	"net/netip"
)

// fieldReader walks a buffer; after the first error every read returns zero and the error stays.
type fieldReader struct {
	b   []byte
	pos int
	err error
}

func (r *fieldReader) take(n int, what string) []byte {
	if r.err != nil {
		return nil
	}
	if n < 0 || n > len(r.b)-r.pos {
		r.err = fmt.Errorf("%w: %s of %d bytes at position %d, %d are left", ErrCorrupt, what, n, r.pos, len(r.b)-r.pos)
		return nil
	}
	p := r.b[r.pos : r.pos+n : r.pos+n]
	r.pos += n
	return p
}

func (r *fieldReader) bytes(n int, what string) []byte { return r.take(n, what) }

func (r *fieldReader) int8() int8 {
	if p := r.take(1, "field"); p != nil {
		return int8(p[0])
	}
	return 0
}

func (r *fieldReader) int16() int16 {
	if p := r.take(2, "field"); p != nil {
		return int16(binary.BigEndian.Uint16(p))
	}
	return 0
}

func (r *fieldReader) int32() int32 {
	if p := r.take(4, "field"); p != nil {
		return int32(binary.BigEndian.Uint32(p))
	}
	return 0
}

func (r *fieldReader) int64() int64 {
	if p := r.take(8, "field"); p != nil {
		return int64(binary.BigEndian.Uint64(p))
	}
	return 0
}

func (r *fieldReader) host(v6 bool) netip.AddrPort {
	var addr netip.Addr
	if v6 {
		p := r.take(16, "IPv6 host")
		if p == nil {
			return netip.AddrPort{}
		}
		addr = netip.AddrFrom16([16]byte(p))
	} else {
		p := r.take(4, "IPv4 host")
		if p == nil {
			return netip.AddrPort{}
		}
		addr = netip.AddrFrom4([4]byte(p))
	}
	port := r.int32()
	if r.err == nil && (port < 0 || port > math.MaxUint16) {
		r.err = fmt.Errorf("%w: host port %d", ErrCorrupt, port)
	}
	return netip.AddrPortFrom(addr, uint16(port))
}

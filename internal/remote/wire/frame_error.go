package wire

import (
	"bytes"
	"fmt"
)

// FrameError says that a peer sent something that is not a frame. The connection it came from must be closed.
type FrameError struct {
	Reason string // what is wrong
	Start  []byte // the first bytes concerned, at most 16
	Cause  string // what the peer may be instead, when the bytes give a hint
}

// Error names the reason, the bytes and the likely cause.
func (e *FrameError) Error() string {
	if e.Cause != "" {
		return fmt.Sprintf("bad frame: %s (starts % x): %s", e.Reason, e.Start, e.Cause)
	}
	return fmt.Sprintf("bad frame: %s (starts % x)", e.Reason, e.Start)
}

func badFrame(b []byte, format string, args ...any) *FrameError {
	start := b
	if len(start) > 16 {
		start = start[:16]
	}
	return &FrameError{Reason: fmt.Sprintf(format, args...), Start: bytes.Clone(start)}
}

// badLength is the error for a length field, which is where a connection to the wrong port, or with TLS on one side
// only, shows itself.
func badLength(start []byte, length uint32, limit int) *FrameError {
	var e *FrameError
	if length < minFrameLength {
		e = badFrame(start, "length %d is below the least, %d", length, minFrameLength)
	} else {
		e = badFrame(start, "length %d exceeds the limit of %d bytes", length, limit)
	}
	e.Cause = guessPeer(start)
	return e
}

var textProtocols = []struct{ prefix, cause string }{
	{"HTTP", "the peer answers in HTTP: this is not a RocketMQ remoting port"},
	{"GET ", "the peer sends HTTP requests: it takes this for a web server"},
	{"POST", "the peer sends HTTP requests: it takes this for a web server"},
	{"PUT ", "the peer sends HTTP requests: it takes this for a web server"},
	{"HEAD", "the peer sends HTTP requests: it takes this for a web server"},
	{"OPTI", "the peer sends HTTP requests: it takes this for a web server"},
	{"CONN", "the peer sends HTTP requests: it takes this for a proxy"},
	{"PRI ", "the peer speaks HTTP/2, as RocketMQ's gRPC proxy port does: use the remoting port"},
	{"SSH-", "the peer is an SSH server"},
}

// guessPeer tells from the first bytes what the peer may be.
func guessPeer(b []byte) string {
	if len(b) < 4 {
		return ""
	}
	if b[1] == 3 && b[2] <= 4 {
		switch b[0] {
		case 0x15:
			return "looks like a TLS alert: the peer refused the TLS handshake, or it expects TLS and got none"
		case 0x16:
			return "looks like a TLS handshake: only one side uses TLS"
		}
	}
	for _, p := range textProtocols {
		if bytes.HasPrefix(b, []byte(p.prefix)) {
			return p.cause
		}
	}
	for _, c := range b[:4] {
		if c < ' ' || c > '~' {
			return ""
		}
	}
	return fmt.Sprintf("the peer sends text (%q): this is not a RocketMQ remoting port", b[:4])
}

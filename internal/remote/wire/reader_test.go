package wire

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func TestReaderCutsFrames(t *testing.T) {
	t.Parallel()
	sizes := []int{4, 5, 100, readBuffer - 4, readBuffer, firstAllocation, firstAllocation + 1, 3*firstAllocation + 7}
	var stream []byte
	for i, n := range sizes {
		stream = append(stream, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
		stream = append(stream, bytes.Repeat([]byte{byte('a' + i)}, n)...)
	}
	sources := map[string]func() io.Reader{
		"at once":        func() io.Reader { return bytes.NewReader(stream) },
		"byte by byte":   func() io.Reader { return iotest.OneByteReader(bytes.NewReader(stream)) },
		"data with EOF":  func() io.Reader { return iotest.DataErrReader(bytes.NewReader(stream)) },
		"half the bytes": func() io.Reader { return iotest.HalfReader(bytes.NewReader(stream)) },
	}
	for name, source := range sources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := NewReader(source(), 0)
			var frames [][]byte
			for range sizes {
				frame, err := r.Next()
				require.NoError(t, err)
				frames = append(frames, frame)
			}
			_, err := r.Next()
			require.Equal(t, io.EOF, err)
			for i, frame := range frames { // each in memory of its own
				require.Equal(t, bytes.Repeat([]byte{byte('a' + i)}, sizes[i]), frame)
			}
		})
	}
}

func TestReaderEnds(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	tests := []struct {
		name   string
		stream io.Reader
		want   error
	}{
		{"nothing", strings.NewReader(""), io.EOF},
		{"inside the length", strings.NewReader("\x00\x00"), io.ErrUnexpectedEOF},
		{"after the length", strings.NewReader("\x00\x00\x00\x08"), io.ErrUnexpectedEOF},
		{"inside the frame", strings.NewReader("\x00\x00\x00\x08abcd"), io.ErrUnexpectedEOF},
		{"inside a large frame", io.MultiReader(strings.NewReader("\x00\xff\x00\x00"), bytes.NewReader(make([]byte, firstAllocation))), io.ErrUnexpectedEOF},
		{"error of the connection", io.MultiReader(strings.NewReader("\x00\x00\x00\x08abcd"), iotest.ErrReader(broken)), broken},
		{"error before the length", iotest.ErrReader(broken), broken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := NewReader(tt.stream, 0).Next()
			require.ErrorIs(t, err, tt.want)
		})
	}
}

func TestReaderRefusesLengths(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, start string
		limit       int
		want        string
	}{
		{"zero", "\x00\x00\x00\x00", 0, "length 0 is below the least, 4"},
		{"three", "\x00\x00\x00\x03", 0, "length 3 is below the least, 4"},
		{"one too many", "\x00\xff\xff\xfd", 0, "length 16777213 exceeds the limit of 16777216 bytes"},
		{"negative", "\xff\xff\xff\xff", 0, "length 4294967295 exceeds the limit"},
		{"limit of the caller", "\x00\x00\x00\x61", 100, "length 97 exceeds the limit of 100 bytes"},
		{"TLS alert", "\x15\x03\x01\x00\x02\x02\x46", 0, "looks like a TLS alert"},
		{"TLS handshake", "\x16\x03\x01\x02\x00\x01", 0, "looks like a TLS handshake"},
		{"HTTP answer", "HTTP/1.1 400 Bad Request\r\n", 0, "the peer answers in HTTP"},
		{"HTTP request", "GET / HTTP/1.1\r\n", 0, "it takes this for a web server"},
		{"HTTP/2 preface", "PRI * HTTP/2.0\r\n", 0, "speaks HTTP/2"},
		{"SSH", "SSH-2.0-OpenSSH_9.2\r\n", 0, "an SSH server"},
		{"text", "-ERR unknown command\r\n", 0, `the peer sends text ("-ERR")`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := NewReader(strings.NewReader(tt.start), tt.limit).Next()
			var frameError *FrameError
			require.ErrorAs(t, err, &frameError)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestReaderTakesTheLargestFrame(t *testing.T) {
	t.Parallel()
	n := MaxFrameSize - 4
	stream := append([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, make([]byte, n)...)
	frame, err := NewReader(bytes.NewReader(stream), 0).Next()
	require.NoError(t, err)
	require.Len(t, frame, n)
}

// A peer that announces a large frame and sends nothing must not cost the memory of that frame.
func TestReaderAllocatesAsBytesArrive(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 32 {
		_, err := NewReader(strings.NewReader("\x00\xff\xff\x00abc"), 0).Next()
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	}
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(32*2*firstAllocation))
}

package wire

import (
	"bufio"
	"encoding/binary"
	"io"
)

// Reader cuts a byte stream into frames. It is for one goroutine.
type Reader struct {
	r     *bufio.Reader
	limit int
}

// NewReader returns a Reader that refuses frames larger than maxFrame bytes, length field included; maxFrame ≤ 0
// means MaxFrameSize.
func NewReader(r io.Reader, maxFrame int) *Reader {
	if maxFrame <= 0 {
		maxFrame = MaxFrameSize
	}
	return &Reader{r: bufio.NewReaderSize(r, readBuffer), limit: maxFrame}
}

// Next returns the next frame without its length field, in memory of its own. It returns io.EOF when the stream ends
// between two frames, io.ErrUnexpectedEOF when it ends inside one, and a *FrameError when the length cannot be true;
// after any error the Reader is of no more use.
func (r *Reader) Next() ([]byte, error) {
	prefix, err := r.r.Peek(4)
	if err != nil {
		if err == io.EOF && len(prefix) > 0 {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	length := binary.BigEndian.Uint32(prefix)
	if length < minFrameLength || uint64(length)+4 > uint64(r.limit) {
		start, _ := r.r.Peek(min(r.r.Buffered(), 16))
		return nil, badLength(start, length, r.limit)
	}
	if _, err := r.r.Discard(4); err != nil {
		return nil, err
	}
	frame := make([]byte, min(int(length), firstAllocation))
	for have := 0; ; {
		if _, err := io.ReadFull(r.r, frame[have:]); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		have = len(frame)
		if have == int(length) {
			return frame, nil
		}
		grown := make([]byte, min(int(length), 2*have))
		copy(grown, frame)
		frame = grown
	}
}

package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// Decompressor decompresses bodies up to a limit, reusing decoders between calls. It is not safe for concurrent
// use. The zero value has the limit MaxDecompressedSize. It holds no goroutine and needs no closing.
type Decompressor struct {
	limit    int
	src      bytes.Reader
	zlib     io.ReadCloser
	lz4      *lz4.Reader
	zstd     *zstd.Decoder
	zstdRoom int
}

// decompressors serves Decompress and is no state that anybody could see: a message decoder has no owner that
// could keep a Decompressor, and a zlib decoder costs 40 KiB to make.
var decompressors = sync.Pool{New: func() any { return new(Decompressor) }}

// Decompress returns the body itself when sysFlag says that it is not compressed, else a new slice with its
// decompressed content. It is safe for concurrent use. The error wraps ErrUnknownCompression, ErrCorruptBody or,
// when the content is longer than limit bytes, ErrDecompressedTooLarge.
func Decompress(sysFlag int32, body []byte, limit int) ([]byte, error) {
	if sysFlag&FlagCompressed == 0 {
		return body, nil
	}
	d := decompressors.Get().(*Decompressor)
	defer decompressors.Put(d)
	d.limit = limit
	return d.Decompress(sysFlag, body)
}

// NewDecompressor returns a Decompressor for content of at most limit bytes.
func NewDecompressor(limit int) *Decompressor { return &Decompressor{limit: limit} }

// Decompress is like the function of this name, with the limit of d.
func (d *Decompressor) Decompress(sysFlag int32, body []byte) ([]byte, error) {
	if sysFlag&FlagCompressed == 0 {
		return body, nil
	}
	algorithm := Compression(sysFlag & FlagCompressionMask >> compressionShift)
	var decode func([]byte) ([]byte, error)
	switch algorithm {
	case CompressionNone, Zlib:
		algorithm = Zlib
		decode = d.inflate
	case LZ4:
		decode = d.unlz4
	case ZSTD:
		decode = d.unzstd
	default:
		return nil, fmt.Errorf("%w: type %d (system flag %#x)", ErrUnknownCompression, algorithm, sysFlag)
	}
	if len(body) == 0 {
		return nil, fmt.Errorf("%w: %s, nothing is there", ErrCorruptBody, algorithm)
	}
	out, err := decode(body)
	if err != nil && !errors.Is(err, ErrDecompressedTooLarge) {
		err = fmt.Errorf("%w: %s, %d bytes: %w", ErrCorruptBody, algorithm, len(body), err)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (d *Decompressor) max() int {
	if d.limit <= 0 {
		return MaxDecompressedSize
	}
	return d.limit
}

func (d *Decompressor) tooLarge(algorithm Compression, from int) error {
	return fmt.Errorf("%w: %s, %d bytes become more than %d", ErrDecompressedTooLarge, algorithm, from, d.max())
}

func (d *Decompressor) inflate(body []byte) ([]byte, error) {
	d.src.Reset(body)
	defer d.src.Reset(nil)
	var err error
	if d.zlib == nil {
		d.zlib, err = zlib.NewReader(&d.src)
	} else {
		err = d.zlib.(zlib.Resetter).Reset(&d.src, nil)
	}
	if err != nil {
		return nil, err
	}
	return d.readAll(Zlib, d.zlib, len(body))
}

func (d *Decompressor) unlz4(body []byte) ([]byte, error) {
	d.src.Reset(body)
	defer d.src.Reset(nil)
	if d.lz4 == nil {
		d.lz4 = lz4.NewReader(nil)
	}
	d.lz4.Reset(&d.src)
	defer d.lz4.Reset(nil)
	return d.readAll(LZ4, d.lz4, len(body))
}

// readAll grows by what really comes out, never by what a header promises.
func (d *Decompressor) readAll(algorithm Compression, r io.Reader, from int) ([]byte, error) {
	limit := d.max()
	out := make([]byte, 0, min(4*from+512, limit+1))
	for idle := 0; ; {
		n, err := r.Read(out[len(out):cap(out)])
		out = out[:len(out)+n]
		if idle++; n > 0 {
			idle = 0
		}
		if len(out) > limit {
			return nil, d.tooLarge(algorithm, from)
		}
		if err == io.EOF {
			return out, nil
		}
		if err == nil && idle == 100 {
			err = io.ErrNoProgress
		}
		if err != nil {
			return nil, err
		}
		if len(out) == cap(out) {
			out = append(out, 0)[:len(out)]
		}
	}
}

// zstdMaxWindow is the window of the highest level, and the largest that Java's decoder takes: 128 MiB.
const zstdMaxWindow = 128 << 20

// unzstd needs a decoder with room for zstdMaxWindow even when the limit is lower, because the decoder refuses frames
// by their window whatever their content. It allocates no window, so what a frame can cost is the limit when it says
// how long its content is, else (as in Java's frames, which are streams) what comes out of it, up to 128 MiB.
func (d *Decompressor) unzstd(body []byte) ([]byte, error) {
	limit := d.max()
	room := max(limit, zstdMaxWindow)
	if d.zstd == nil || d.zstdRoom != room {
		decoder, err := zstd.NewReader(nil,
			zstd.WithDecoderConcurrency(1), // more would start goroutines
			zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxMemory(uint64(room)))
		if err != nil {
			return nil, err
		}
		d.zstd, d.zstdRoom = decoder, room
	}
	var header zstd.Header
	if header.Decode(body) == nil && header.HasFCS && header.FrameContentSize > uint64(limit) {
		return nil, d.tooLarge(ZSTD, len(body))
	}
	out, err := d.zstd.DecodeAll(body, nil)
	if len(out) > limit || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		return nil, d.tooLarge(ZSTD, len(body))
	}
	return out, err
}

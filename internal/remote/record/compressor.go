package record

import (
	"bytes"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// DefaultCompressionLevel is Java's default level for zlib.
const DefaultCompressionLevel = 5

// Compressor compresses bodies with one algorithm and level, reusing encoders between calls. It is safe for
// concurrent use and holds no goroutine.
type Compressor struct {
	algorithm Compression
	level     int
	zstd      *zstd.Encoder
	writers   sync.Pool // of resetWriter, for zlib and LZ4
}

// resetWriter is what zlib's and lz4's writers have in common.
type resetWriter interface {
	io.WriteCloser
	Reset(w io.Writer)
}

// NewCompressor returns a Compressor. Levels are 0 (none) to 9 for Zlib, 0 (fastest) to 9 for LZ4 and 1 to 22 for
// ZSTD, 0 there meaning its default. The error wraps ErrCompressionLevel or ErrUnknownCompression.
func NewCompressor(c Compression, level int) (*Compressor, error) {
	highest := 9
	if c == ZSTD {
		highest = 22
	}
	if c != Zlib && c != LZ4 && c != ZSTD {
		return nil, fmt.Errorf("%w: type %d", ErrUnknownCompression, c)
	}
	if level < 0 || level > highest {
		return nil, fmt.Errorf("%w: %d, %s has 0 to %d", ErrCompressionLevel, level, c, highest)
	}
	compressor := &Compressor{algorithm: c, level: level}
	if c == ZSTD {
		encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstdLevel(level)))
		if err != nil {
			return nil, fmt.Errorf("zstd encoder of level %d: %w", level, err)
		}
		compressor.zstd = encoder
	}
	return compressor, nil
}

func zstdLevel(level int) zstd.EncoderLevel {
	if level == 0 {
		return zstd.SpeedDefault
	}
	return zstd.EncoderLevelFromZstd(level)
}

// SysFlag returns the bits a message with a body of this Compressor has: FlagCompressed and the type.
func (c *Compressor) SysFlag() int32 {
	return FlagCompressed | int32(c.algorithm)<<compressionShift
}

// Compress appends the compressed form of src to dst.
func (c *Compressor) Compress(dst, src []byte) ([]byte, error) {
	if c.zstd != nil {
		return c.zstd.EncodeAll(src, dst), nil
	}
	w, _ := c.writers.Get().(resetWriter)
	if w == nil {
		var err error
		if w, err = c.newWriter(); err != nil {
			return dst, err
		}
	}
	out := bytes.NewBuffer(dst)
	w.Reset(out)
	if _, err := w.Write(src); err != nil {
		return dst, fmt.Errorf("%s: %w", c.algorithm, err)
	}
	if err := w.Close(); err != nil {
		return dst, fmt.Errorf("%s: %w", c.algorithm, err)
	}
	w.Reset(nil) // keeps no hold of the caller's bytes
	c.writers.Put(w)
	return out.Bytes(), nil
}

func (c *Compressor) newWriter() (resetWriter, error) {
	if c.algorithm == Zlib {
		w, err := zlib.NewWriterLevel(nil, c.level)
		if err != nil {
			return nil, fmt.Errorf("zlib encoder of level %d: %w", c.level, err)
		}
		return w, nil
	}
	w := lz4.NewWriter(nil)
	err := w.Apply(
		lz4.ConcurrencyOption(1), // more would start goroutines
		lz4.BlockSizeOption(lz4.Block256Kb),
		lz4.CompressionLevelOption(lz4Levels[c.level]))
	if err != nil {
		return nil, fmt.Errorf("lz4 encoder of level %d: %w", c.level, err)
	}
	return w, nil
}

var lz4Levels = [...]lz4.CompressionLevel{
	lz4.Fast, lz4.Level1, lz4.Level2, lz4.Level3, lz4.Level4, lz4.Level5, lz4.Level6, lz4.Level7, lz4.Level8, lz4.Level9,
}

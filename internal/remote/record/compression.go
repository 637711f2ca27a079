package record

import "errors"

// Compression is an algorithm for bodies, as its number in the system flag (Java: CompressionType).
type Compression uint8

// The algorithms of Java's CompressionType.
const (
	CompressionNone Compression = 0
	LZ4             Compression = 1 // LZ4 frames
	ZSTD            Compression = 2 // Zstandard frames
	Zlib            Compression = 3 // RFC 1950; also what type 0 of a compressed body means, written by old clients
)

// Errors of this package's compression; they are wrapped.
var (
	// ErrUnknownCompression says that the type bits of a compressed body name no algorithm.
	ErrUnknownCompression = errors.New("unknown compression of a message body")
	// ErrCompressionLevel says that an algorithm has no such level.
	ErrCompressionLevel = errors.New("unsupported compression level")
	// ErrDecompressedTooLarge says that a body would exceed the limit once decompressed.
	ErrDecompressedTooLarge = errors.New("decompressed message body exceeds the limit")
	// ErrCorruptBody says that a compressed body is damaged.
	ErrCorruptBody = errors.New("corrupt compressed message body")
)

// MaxDecompressedSize is the limit clients use for a decompressed body: 64 MiB. The largest frame is 16 MiB.
const MaxDecompressedSize = 64 << 20

// String returns the name of the algorithm.
func (c Compression) String() string {
	switch c {
	case CompressionNone:
		return "none"
	case LZ4:
		return "lz4"
	case ZSTD:
		return "zstd"
	case Zlib:
		return "zlib"
	}
	return "unknown"
}

package wire

const (
	// MaxFrameSize is the largest frame, with its length field, that a peer with default settings accepts
	// (Java: NettyDecoder, property com.rocketmq.remoting.frameMaxLength). It closes the connection on a larger one.
	MaxFrameSize = 16 << 20

	// maxHeaderLength is what the 24 bits beside the serialization type can say.
	maxHeaderLength = 1<<24 - 1

	// minFrameLength is the least value of the length field: the header's own length field must fit.
	minFrameLength = 4

	// maxKeyLength is what the binary serialization's int16 in front of a field's key can say.
	maxKeyLength = 1<<15 - 1

	// maxDepth bounds the nesting of JSON. The deepest body known (consume stats of a broker) nests 8 levels; the bound
	// keeps a hostile peer from exhausting the stack.
	maxDepth = 64

	// readBuffer is what one read from the connection may bring: many answers to pipelined sends (some 300 bytes each).
	readBuffer = 32 << 10

	// firstAllocation is how much of a frame is allocated on the word of its length field alone. More is allocated as
	// bytes arrive, so that a peer that only announces large frames costs no memory.
	firstAllocation = 512 << 10
)

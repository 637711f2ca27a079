package remote

import "time"

const (
	// maxChunk bounds what one write call hands to the kernel. It is about a socket's send buffer; a
	// larger write would only wait longer, with the write deadline running.
	maxChunk = 256 << 10

	// maxPooledBuffer bounds the buffers that are kept for reuse. Larger frames are rare, and pooling them
	// would pin their memory.
	maxPooledBuffer = 1 << 20

	// minBuffer is the size of the smallest buffers: a send of 1 KiB with its header fits.
	minBuffer = 2 << 10

	// headerRoom is what a header usually takes; a longer one makes the buffer grow.
	headerRoom = 768

	// maxQueuedReplies bounds the answers to a broker that asks but does not read.
	maxQueuedReplies = 4096

	// lastLookTime is how long the socket is read after a deadline before requests are failed.
	lastLookTime = time.Millisecond

	// logPause is the least time between two lines about one address.
	logPause = time.Minute

	// vipPortOffset is what Java's MixAll.brokerVIPChannel subtracts.
	vipPortOffset = 2
)

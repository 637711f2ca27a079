package consumer

import (
	"time"

	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// queueState is where a held queue stands.
//
//	joining ──start offset known──► fetching ──given away, unsubscribed, stop──► leaving ──► gone
//	   └───────────────────────────────────────────────────────────────────────────────────────┘
type queueState uint8

const (
	queueJoining  queueState = iota // the place to begin is not known yet
	queueFetching                   // it is pulled
	queueLeaving                    // handlers finish, then the offset is committed
	queueGone                       // it is not in the table any more
)

// heldQueue is one message queue that this consumer holds. Except for the fields marked otherwise it belongs to the
// loop's goroutine.
type heldQueue struct {
	lastMax atomic.Int64 // end of the queue at the last pull, -1 when not known; any goroutine; first for 32-bit alignment

	mq primitive.MessageQueue

	pq       atomic.Pointer[processQueue] // replaced when the broker has lost what was cached; any goroutine
	blocked  atomic.Bool                  // not pulled because too much is cached; any goroutine
	limits   atomic.Pointer[limits]       // any goroutine
	runnable bool                         // in the run queue, which guards it

	state     queueState
	confirmed int64  // offset that the broker has acknowledged, -1 for none
	sure      bool   // what it acknowledges is stored, see commit
	timer     *timer // what the queue waits for: grace, retry, pull interval
	fails     int    // requests that failed in a row

	// The pull.
	next       int64  // offset to pull from
	brokerID   int64  // replica to pull from, as the last answer suggested
	pulling    bool   // a pull has not been answered
	toSlave    bool   // the pull under way went to a slave
	addr       string // where the last pull went
	pulledAt   time.Time
	committer  bool      // the pull under way carries an offset to commit
	masterDown time.Time // until then a slave is preferred, because the master could not be reached
	since      time.Time // since when too much is cached; zero when not
	moved      int       // answers in a row that there is no message at the offset
	damaged    int       // answers in a row that could not be read
	single     bool      // pull one message at a time, to get past one that cannot be read
	header     command.PullMessageRequest
	request    remote.Request
	answered   func(*wire.Command, error)

	waiting map[*failure]struct{} // messages that no broker has taken back so far

	committing bool // a commit has not been answered
	leaving    *leaving
}

func newHeldQueue(mq primitive.MessageQueue) *heldQueue {
	q := &heldQueue{mq: mq, confirmed: -1}
	q.lastMax.Store(-1)
	return q
}

// behind returns how many messages of the queue are not done, as far as the last pull knows.
func (q *heldQueue) behind() (int64, bool) {
	pq, end := q.pq.Load(), q.lastMax.Load()
	if pq == nil || end < 0 {
		return 0, false
	}
	return max(end-pq.committable(), 0), true
}

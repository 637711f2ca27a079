package consumer

import (
	"crypto/md5"
	"encoding/binary"
	"slices"
	"sort"
	"strconv"

	"github.com/rocketmq-go/rocketmq/primitive"
)

// AllocateByConsistentHash puts each member on a ring of hashes virtualNodeCnt times (Java's default is 10) and
// gives each queue to the next member on the ring: few queues move when members come and go, at the price of uneven
// shares. With 0 virtual nodes nobody gets anything, with less than 0 the strategy returns nil (Java:
// AllocateMessageQueueConsistentHash).
func AllocateByConsistentHash(virtualNodeCnt int) AllocateStrategy {
	return func(consumerGroup, currentCID string, mqAll []*primitive.MessageQueue, cidAll []string) []*primitive.MessageQueue {
		if virtualNodeCnt < 0 || !allocatable(currentCID, mqAll, cidAll) {
			return nil
		}
		result := []*primitive.MessageQueue{}
		if !slices.Contains(cidAll, currentCID) {
			return result
		}
		ring := newHashRing(cidAll, virtualNodeCnt)
		for _, mq := range mqAll {
			if cid, ok := ring.owner(mq.String()); ok && cid == currentCID {
				result = append(result, mq)
			}
		}
		return result
	}
}

// hashRing is Java's ConsistentHashRouter with its MD5 hash.
type hashRing struct {
	hashes []uint32 // sorted
	owners map[uint32]string
}

func newHashRing(cids []string, virtualNodes int) *hashRing {
	r := &hashRing{owners: make(map[uint32]string, len(cids)*virtualNodes)}
	seen := make(map[string]bool, len(cids))
	for _, cid := range cids {
		first := 0
		if seen[cid] { // one that comes twice gets further nodes, as in Java
			first = r.nodesOf(cid)
		}
		seen[cid] = true
		for i := range virtualNodes {
			r.owners[ringHash(cid+"-"+strconv.Itoa(first+i))] = cid // of equal hashes the last one counts
		}
	}
	r.hashes = make([]uint32, 0, len(r.owners))
	for h := range r.owners {
		r.hashes = append(r.hashes, h)
	}
	slices.Sort(r.hashes)
	return r
}

func (r *hashRing) nodesOf(cid string) int {
	n := 0
	for _, owner := range r.owners {
		if owner == cid {
			n++
		}
	}
	return n
}

// owner is who has the first node at or after the key's hash, else the first on the ring.
func (r *hashRing) owner(key string) (string, bool) {
	if len(r.hashes) == 0 {
		return "", false
	}
	h := ringHash(key)
	i := sort.Search(len(r.hashes), func(i int) bool { return r.hashes[i] >= h })
	if i == len(r.hashes) {
		i = 0
	}
	return r.owners[r.hashes[i]], true
}

// ringHash is the first 4 bytes of the MD5 sum, which is what Java's class uses; nothing here is secret.
func ringHash(key string) uint32 {
	sum := md5.Sum([]byte(key))
	return binary.BigEndian.Uint32(sum[:])
}

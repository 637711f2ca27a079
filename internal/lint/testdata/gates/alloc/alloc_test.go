// Package alloc must fail: it proves that the allocation budgets can.
package alloc

import (
	"testing"

	"github.com/rocketmq-go/rocketmq/internal/budget"
)

var sink []byte

func TestExceedsTheAllocBudget(t *testing.T) {
	budget.Allocs(t, 0, 100, func() { sink = make([]byte, 1<<10) })
}

func TestExceedsTheProcessBudget(t *testing.T) {
	budget.Process(t, 0.5, 100, func(n int) {
		for range n {
			sink = make([]byte, 1<<10)
		}
	})
}

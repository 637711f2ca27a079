// Package race must fail under -race: it proves that the race gate can.
package race

import (
	"sync"
	"testing"
)

func TestWritesWithoutALock(*testing.T) {
	var n int
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 1000 {
				n++
			}
		}()
	}
	wg.Wait()
}

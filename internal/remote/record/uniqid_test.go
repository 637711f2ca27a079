package record

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/budget"
)

// idChildEnv makes the test binary a process that writes this many ids to standard output and ends.
const idChildEnv = "RECORD_TEST_IDS"

// idChild is a container: process id 1 and the address that all of them have. Its ids are made by 64 goroutines as
// fast as they can, which is far more than 65,536 in a second.
func idChild() int {
	n, err := strconv.Atoi(os.Getenv(idChildEnv))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	const goroutines = 64
	g := NewIDGenerator()
	g = newIDGenerator([]byte{172, 17, 0, 2}, 1, g.seed, time.Now)
	made := make([][]byte, goroutines)
	var wg sync.WaitGroup
	for i := range made {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range n / goroutines {
				made[i] = g.AppendNext(made[i])
			}
		}()
	}
	wg.Wait()
	w := bufio.NewWriterSize(os.Stdout, 1<<20)
	for _, ids := range made {
		for ; len(ids) > 0; ids = ids[32:] {
			var raw [16]byte
			if _, err := hex.Decode(raw[:], ids[:32]); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 2
			}
			if _, err := w.Write(raw[:]); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 2
			}
		}
	}
	if err := w.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	return 0
}

func TestV13_NoDuplicateIDs(t *testing.T) {
	total := 10_000_000
	if testing.Short() || raceEnabled {
		total = 1_000_000
	}
	const processes = 4
	total = (total + processes*64 - 1) / (processes * 64) * (processes * 64) // each goroutine makes as many
	self, err := os.Executable()
	require.NoError(t, err)
	outputs := make([]bytes.Buffer, processes)
	commands := make([]*exec.Cmd, processes)
	for i := range commands {
		commands[i] = exec.CommandContext(t.Context(), self)
		commands[i].Env = append(os.Environ(), idChildEnv+"="+strconv.Itoa(total/processes))
		commands[i].Stdout = &outputs[i]
		commands[i].Stderr = os.Stderr
		require.NoError(t, commands[i].Start())
	}
	type id struct{ high, low uint64 }
	ids := make([]id, 0, total)
	for i := range commands {
		require.NoError(t, commands[i].Wait())
		require.Equal(t, total/processes*16, outputs[i].Len())
		for {
			var raw [16]byte
			if _, err := io.ReadFull(&outputs[i], raw[:]); err != nil {
				break
			}
			ids = append(ids, id{binary.BigEndian.Uint64(raw[:]), binary.BigEndian.Uint64(raw[8:])})
		}
		outputs[i] = bytes.Buffer{}
	}
	require.Len(t, ids, total)
	slices.SortFunc(ids, func(a, b id) int {
		switch {
		case a.high != b.high && a.high < b.high, a.high == b.high && a.low < b.low:
			return -1
		case a == b:
			return 0
		}
		return 1
	})
	require.Equal(t, total, len(slices.Compact(ids)), "there are duplicates")
	t.Logf("%d ids of %d processes, no duplicates", total, processes)
}

func TestUniqIDLayout(t *testing.T) {
	t.Parallel()
	now := time.Date(2024, 5, 10, 12, 0, 0, 123e6, time.Local)
	for _, address := range []string{"10.1.2.3", "2001:db8::1"} {
		addr := netip.MustParseAddr(address)
		g := newIDGenerator(addr.AsSlice(), 0xABCD, 0x01020304, func() time.Time { return now })
		for i := range 3 {
			id := string(g.AppendNext([]byte("before"))[len("before"):])
			require.Regexp(t, "^[0-9A-F]+$", id)
			require.Len(t, id, 2*(addr.BitLen()/8+12))
			u, err := ParseUniqID(id)
			require.NoError(t, err)
			require.Equal(t, addr, u.Addr)
			require.Equal(t, uint16(0xABCD), u.PID)
			require.Equal(t, uint16(i), u.Counter)
			require.True(t, now.Equal(u.Time(now.Add(time.Second))), u.Time(now.Add(time.Second)))
		}
	}
}

// A clock that stands still, or is set back, makes no duplicates, and neither does the turn of the month, when the
// time in ids starts over.
func TestUniqIDClocks(t *testing.T) {
	t.Parallel()
	start := time.Date(2024, 4, 30, 23, 59, 59, 990e6, time.Local)
	for name, clock := range map[string]func(i int) time.Time{
		"stands still": func(int) time.Time { return start },
		"goes back":    func(i int) time.Time { return start.Add(-time.Duration(i) * time.Second) },
		"next months": func(i int) time.Time {
			return start.AddDate(0, i/1000, 0).Add(time.Duration(i%1000) * time.Millisecond)
		},
		"same in May":   func(i int) time.Time { return time.Date(2024, time.Month(4+i/100_000), 2, 0, 0, 0, i%100, time.Local) },
		"before 1970":   func(i int) time.Time { return time.UnixMilli(int64(i)) },
		"far in future": func(i int) time.Time { return time.Date(2200, 1, 1, 0, 0, 0, i, time.UTC) },
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int64
			g := newIDGenerator([]byte{1, 2, 3, 4}, 1, 7, func() time.Time { return clock(int(calls.Inc())) })
			seen := make(map[string]bool)
			for range 200_000 {
				id := g.Next()
				require.Len(t, id, 32)
				if seen[id] {
					t.Fatalf("%s twice", id)
				}
				seen[id] = true
			}
		})
	}
}

func TestNewIDGeneratorsDiffer(t *testing.T) {
	t.Parallel()
	seen := map[uint32]bool{}
	for range 1000 {
		g := NewIDGenerator()
		require.Contains(t, []int{6, 18}, len(g.host))
		seen[g.seed] = true
	}
	require.Greater(t, len(seen), 990, "random bytes")
}

func TestUniqIDAllocs(t *testing.T) {
	g := NewIDGenerator()
	budget.Allocs(t, 1, 1000, func() { _ = g.Next() })
	buf := make([]byte, 0, 64)
	budget.Allocs(t, 0, 1000, func() { _ = g.AppendNext(buf) })
}

func BenchmarkNextID(b *testing.B) {
	g := NewIDGenerator()
	b.ReportAllocs()
	for b.Loop() {
		_ = g.Next()
	}
}

func BenchmarkNextIDParallel(b *testing.B) {
	g := NewIDGenerator()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_ = g.Next()
		}
	})
}

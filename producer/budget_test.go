package producer

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/budget"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// The budgets count the whole client, from SendSync to the socket and back, in all
// its goroutines. The other end allocates nothing.
//
// Of a synchronous send: the frame read and its Command (2), the result and its
// queue (1), the message id (1), the offset id (1).
const (
	budgetSync   = 8
	budgetAsync  = 8
	budgetOneWay = 3
	budgetBatch  = 12 // a batch of 32, not a message
)

func kilobyte() *primitive.Message {
	m := primitive.NewMessage("orders", make([]byte, 1024))
	m.WithTag("tag").WithKeys([]string{"key"})
	return m
}

func TestSendSyncAllocBudget(t *testing.T) {
	p := newResponder(t).producer(t)
	ctx, m := context.Background(), kilobyte()
	budget.Process(t, budgetSync, 2000, func(n int) {
		for range n {
			if _, err := p.SendSync(ctx, m); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestSendAsyncAllocBudget(t *testing.T) {
	p := newResponder(t).producer(t)
	ctx, m := context.Background(), kilobyte()
	window := make(chan struct{}, 256)
	done := func(_ context.Context, _ *primitive.SendResult, err error) {
		if err != nil {
			t.Error(err)
		}
		<-window
	}
	budget.Process(t, budgetAsync, 10_000, func(n int) {
		for range n {
			window <- struct{}{}
			if err := p.SendAsync(ctx, done, m); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestSendOneWayAllocBudget(t *testing.T) {
	p := newResponder(t).producer(t)
	ctx, m := context.Background(), kilobyte()
	budget.Process(t, budgetOneWay, 5000, func(n int) {
		for range n {
			if err := p.SendOneWay(ctx, m); err != nil {
				t.Fatal(err)
			}
		}
		_, err := p.SendSync(ctx, m) // all has been written when this is answered
		require.NoError(t, err)
	})
}

func TestSendBatchAllocBudget(t *testing.T) {
	p := newResponder(t).producer(t)
	msgs := make([]*primitive.Message, 32)
	for i := range msgs {
		msgs[i] = kilobyte()
	}
	budget.Process(t, budgetBatch, 500, func(n int) {
		for range n {
			if _, err := p.SendSync(context.Background(), msgs...); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func BenchmarkSendSync(b *testing.B) {
	p := newResponder(b).producer(b)
	ctx, m := context.Background(), kilobyte()
	b.ReportAllocs()
	b.SetBytes(1024)
	for b.Loop() {
		if _, err := p.SendSync(ctx, m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSendSyncParallel(b *testing.B) {
	p := newResponder(b).producer(b)
	m := kilobyte()
	b.ReportAllocs()
	b.SetBytes(1024)
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := p.SendSync(context.Background(), m); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkSendAsync(b *testing.B) {
	p := newResponder(b).producer(b)
	ctx, m := context.Background(), kilobyte()
	var wg sync.WaitGroup
	done := func(context.Context, *primitive.SendResult, error) { wg.Done() }
	b.ReportAllocs()
	b.SetBytes(1024)
	for b.Loop() {
		wg.Add(1)
		if err := p.SendAsync(ctx, done, m); err != nil {
			b.Fatal(err)
		}
	}
	wg.Wait()
}

func BenchmarkSendOneWay(b *testing.B) {
	p := newResponder(b).producer(b)
	ctx, m := context.Background(), kilobyte()
	b.ReportAllocs()
	b.SetBytes(1024)
	for b.Loop() {
		if err := p.SendOneWay(ctx, m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSendBatch32(b *testing.B) {
	p := newResponder(b).producer(b)
	msgs := make([]*primitive.Message, 32)
	for i := range msgs {
		msgs[i] = kilobyte()
	}
	b.ReportAllocs()
	b.SetBytes(32 * 1024)
	for b.Loop() {
		if _, err := p.SendSync(context.Background(), msgs...); err != nil {
			b.Fatal(err)
		}
	}
}

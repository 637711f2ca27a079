package primitive_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/budget"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func TestMessageProperties(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]*primitive.Message{"new": primitive.NewMessage("T", []byte("b")), "zero": {Topic: "T"}} {
		t.Run(name, func(t *testing.T) {
			require.Empty(t, m.GetProperties())
			require.Empty(t, m.GetProperty("a"))
			require.Empty(t, m.RemoveProperty("a"))
			m.WithProperty("a", "1")
			m.WithProperty("b", "2")
			m.WithProperty("a", "3")
			m.WithProperty("", "x")
			m.WithProperty("x", "")
			require.Equal(t, map[string]string{"a": "3", "b": "2"}, m.GetProperties())
			require.Equal(t, "b\x012\x02a\x013\x02", m.EncodedProperties())
			require.Equal(t, "3", m.RemoveProperty("a"))
			require.Empty(t, m.GetProperty("a"))
			require.Equal(t, "b\x012\x02", m.EncodedProperties())
			m.GetProperties()["b"] = "changed"
			require.Equal(t, "2", m.GetProperty("b"), "the map is a copy")

			p := map[string]string{"z": "1", "y": "2", "x": "", "": "w"}
			m.WithProperties(p)
			require.Equal(t, "y\x012\x02z\x011\x02", m.EncodedProperties(), "the same properties always give the same bytes")
			p["z"] = "changed"
			require.Equal(t, "1", m.GetProperty("z"))
			m.WithProperties(nil)
			require.Empty(t, m.GetProperties())
			require.NoError(t, m.PropertyError())
		})
	}
}

func TestMessageWellKnownProperties(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, 1, 2, 3, 4, 5, 678999999, time.FixedZone("east", 8*3600))
	m := primitive.NewMessage("T", nil).WithTag("标签").WithKeys([]string{"k1", "k2"}).WithShardingKey("order").
		WithDelayTimeLevel(3).WithDelayTimestamp(at)
	require.Equal(t, "标签", m.GetTags())
	require.Equal(t, "k1 k2", m.GetKeys())
	require.Equal(t, "order", m.GetShardingKey())
	require.Equal(t, map[string]string{
		"TAGS": "标签", "KEYS": "k1 k2", "SHARDING_KEY": "order", "__SHARDINGKEY": "order", "DELAY": "3", "TIMER_DELIVER_MS": "1704135845678",
	}, m.GetProperties())
	m.RemoveProperty(primitive.PropertyJavaShardingKey)
	require.Equal(t, "order", m.GetShardingKey(), "as rocketmq-client-go writes it")
	m.WithProperty(primitive.PropertyJavaShardingKey, "java")
	require.Equal(t, "java", m.GetShardingKey(), "the Java client's comes first")
	require.Empty(t, primitive.NewMessage("T", nil).WithTag("").WithKeys(nil).WithShardingKey("").GetProperties())
}

// What the wire cannot carry is not set, and sending will tell.
func TestMessageIllegalProperties(t *testing.T) {
	t.Parallel()
	m := primitive.NewMessage("T", nil)
	m.WithProperty("good", "1")
	m.WithProperty("bad", "a\x01b")
	require.ErrorContains(t, m.PropertyError(), `the value of "bad" contains a separator`)
	require.Equal(t, map[string]string{"good": "1"}, m.GetProperties())
	m.WithTag("x\x02y")
	require.ErrorContains(t, m.PropertyError(), `"bad"`, "the first error stays")
	require.Error(t, m.Clone().PropertyError())
	m.WithProperties(map[string]string{"good": "2"})
	require.NoError(t, m.PropertyError(), "all properties are new")
	m.WithProperties(map[string]string{"good": "2", "a\x02": "b"})
	require.Error(t, m.PropertyError())
	require.Equal(t, "good\x012\x02", m.EncodedProperties())
}

func TestMessageEncodedProperties(t *testing.T) {
	t.Parallel()
	var m primitive.Message
	m.SetEncodedProperties("E\x01\x02a\x011\x02a\x012\x02TAGS\x01t")
	require.Equal(t, map[string]string{"a": "2", "TAGS": "t"}, m.GetProperties())
	require.Equal(t, "2", m.GetProperty("a"))
	require.Equal(t, "xE\x01\x02a\x011\x02a\x012\x02TAGS\x01t\x02", string(m.AppendProperties([]byte("x"))), "more can be appended")
	m.WithProperty("b", "3")
	require.Equal(t, map[string]string{"a": "2", "TAGS": "t", "b": "3"}, m.GetProperties())
	require.Equal(t, "2", m.RemoveProperty("a"))
	require.Empty(t, m.GetProperty("a"), "all of its values are gone")
	require.Empty(t, string(new(primitive.Message).AppendProperties(nil)))
}

// Copies share neither properties nor, when cloned, the queue.
func TestMessageCopies(t *testing.T) {
	t.Parallel()
	m := primitive.NewMessage("T", []byte("b")).WithTag("one")
	m.Queue = &primitive.MessageQueue{Topic: "T", QueueId: 1}
	c, v := m.Clone(), *m
	c.WithTag("two").Queue.QueueId = 2
	v.WithTag("three")
	require.Equal(t, "one two three", m.GetTags()+" "+c.GetTags()+" "+v.GetTags())
	require.Equal(t, 1, m.Queue.QueueId)
	require.Nil(t, (&primitive.Message{}).Clone().Queue)
}

// D40: messages have no lock; any number of goroutines read one.
func TestMessageConcurrentReaders(t *testing.T) {
	t.Parallel()
	m := primitive.NewMessage("T", []byte("b")).WithTag("tag").WithKeys([]string{"k"})
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 200 {
				if m.GetTags() != "tag" || m.GetKeys() != "k" || len(m.GetProperties()) != 2 || m.String() == "" {
					t.Error("another message")
				}
				m.AppendProperties(nil)
				m.Clone().WithTag("other")
			}
		}()
	}
	wg.Wait()
}

func TestMessageString(t *testing.T) {
	t.Parallel()
	m := primitive.NewMessage("T", []byte("body\x00")).WithTag("t")
	m.Flag = 5
	require.Equal(t, `Message [topic=T, body="body\x00", flag=5, properties=map[TAGS:t], transactionId=]`, m.String())
	m.Body = []byte(strings.Repeat("x", 1<<20))
	require.Less(t, len(m.String()), 400)
	require.Contains(t, m.String(), "(1048576 bytes)")
	ext := &primitive.MessageExt{Message: *m, MsgId: "id", QueueOffset: 9}
	require.Contains(t, ext.String(), "queueOffset=9")
	require.Contains(t, fmt.Sprint(ext), "msgId=id")
	ext.WithProperty("MSG_REGION", "r")
	ext.WithProperty("TRACE_ON", "true")
	require.Equal(t, "t r true", ext.GetTags()+" "+ext.GetRegionID()+" "+ext.IsTraceOn())
}

func TestMessageAllocs(t *testing.T) {
	m := primitive.NewMessage("T", []byte("b")).WithTag("tag").WithKeys([]string{"k1", "k2"})
	dst := make([]byte, 0, 256)
	budget.Allocs(t, 0, 100, func() {
		if m.GetTags() != "tag" || m.GetProperty("none") != "" || len(m.AppendProperties(dst)) == 0 {
			panic("another message")
		}
	})
	budget.Allocs(t, 2, 100, func() { primitive.NewMessage("T", nil).WithProperty("a", "b") })
}

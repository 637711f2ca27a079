package interop

import (
	"bytes"
	"fmt"
)

// samples is one message of each kind. Bodies are all different: they tell the
// messages apart on the other side.
func samples() []Message {
	binary := make([]byte, 256)
	for i := range binary {
		binary[i] = byte(i)
	}
	msgs := []Message{
		{Mode: "sync", Body: []byte("plain")},
		{Mode: "async", Body: []byte("sent asynchronously")},
		{Mode: "sync", Body: []byte("тело, 体, 😀")},
		{Mode: "sync", Body: binary},
		{Mode: "sync", Body: []byte("tagged"), Tags: "TagA"},
		{Mode: "async", Body: []byte("tagged, too"), Tags: "TagB"},
		{Mode: "sync", Body: []byte("with keys"), Keys: "order-1 user-7"},
		{Mode: "sync", Body: []byte("with properties"), Properties: map[string]string{
			"a": "1", "имя": "значение", "punctuation": `"\{}[],:;=&`, "spaces": " in between ", "emoji": "😀",
		}},
		{Mode: "sync", Body: []byte("with everything"), Tags: "TagA", Keys: "k", Properties: map[string]string{"p": "q"}},
		{Mode: "sync", Body: compressible(20_000), Tags: "TagA"},
		{Mode: "sync", Body: []byte("delayed by level 1"), DelayLevel: 1},
	}
	for i := range 5 {
		msgs = append(msgs, Message{
			Mode: "batch", Body: fmt.Appendf(nil, "batch %d", i), Tags: fmt.Sprintf("Tag%c", 'A'+i%2),
			Keys: fmt.Sprintf("b%d", i), Properties: map[string]string{"n": fmt.Sprint(i)},
		})
	}
	return msgs
}

// foreign are messages whose tags are not ASCII. rocketmq-client-go v2 hashes
// such tags differently from Java, so it only produces them.
func foreign() []Message {
	return []Message{
		{Mode: "sync", Body: []byte("foreign 1"), Tags: "标签"},
		{Mode: "sync", Body: []byte("foreign 2"), Tags: "тег"},
		{Mode: "sync", Body: []byte("foreign 3"), Tags: "😀"},
		{Mode: "sync", Body: []byte("foreign 4"), Tags: "TagA"},
	}
}

func compressible(n int) []byte {
	return bytes.Repeat([]byte("all work and no play makes Jack a dull boy; "), n/44+1)[:n]
}

package record

import (
	"testing"

	"github.com/stretchr/testify/require"
)

type javaHash struct {
	Text     string
	Hash     int32
	TagsCode int64
}

func TestHashAsJava(t *testing.T) {
	t.Parallel()
	for _, v := range vectors[javaHash](t, "java_hashes.jsonl") {
		require.Equal(t, v.Hash, JavaHash(v.Text), "%q", v.Text)
		require.Equal(t, v.TagsCode, int64(TagHash(v.Text)), "%q", v.Text)
	}
}

// Java hashes UTF-16 units; rocketmq-client-go hashes the bytes of UTF-8, so that brokers deliver nothing to it for
// a tag outside ASCII.
func TestV18_NonASCIITagsHashAsJavas(t *testing.T) {
	t.Parallel()
	byBytes := func(s string) (h int32) {
		for i := range len(s) {
			h = 31*h + int32(s[i])
		}
		return h
	}
	require.Equal(t, int32(2598919), TagHash("TagA"))
	require.Equal(t, int32(2598920), TagHash("TagB"))
	require.Zero(t, TagHash(""))
	outside := 0
	for _, v := range vectors[javaHash](t, "java_hashes.jsonl") {
		if byBytes(v.Text) != v.Hash {
			outside++
			require.Equal(t, v.Hash, TagHash(v.Text), "%q", v.Text)
		}
	}
	require.GreaterOrEqual(t, outside, 8, "the vectors must tell the two apart")
}

func TestJavaHashOfInvalidUTF8(t *testing.T) {
	t.Parallel()
	require.Equal(t, JavaHash("\uFFFD"), JavaHash("\xff"))
	require.Equal(t, JavaHash("a\uFFFD\uFFFDb"), JavaHash("a\xff\xfeb"))
}

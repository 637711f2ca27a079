package record

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/budget"
)

type javaProperties struct {
	Text       string
	Properties map[string]string
}

func TestPropertiesAsJava(t *testing.T) {
	t.Parallel()
	for _, v := range vectors[javaProperties](t, "java_properties.jsonl") {
		require.Equal(t, v.Properties, propertyMap(v.Text), "%q", v.Text)
		for name, value := range v.Properties {
			got, ok := LookupProperty(v.Text, name)
			require.True(t, ok, "%q in %q", name, v.Text)
			require.Equal(t, value, got, "%q in %q", name, v.Text)
		}
		_, ok := LookupProperty(v.Text, "no such name")
		require.False(t, ok)
		_, ok = LookupProperty(v.Text, "")
		require.False(t, ok)
	}
}

func TestEachPropertyStops(t *testing.T) {
	t.Parallel()
	var names []string
	EachProperty("a\x011\x02b\x012\x02c\x013\x02", func(k, _ string) bool {
		names = append(names, k)
		return k != "b"
	})
	require.Equal(t, []string{"a", "b"}, names)
}

func TestAppendProperty(t *testing.T) {
	t.Parallel()
	b := AppendProperty(nil, "KEYS", "k1 k2")
	b = AppendProperty(b, "empty", "")
	b = AppendProperty(b, "", "empty")
	b = AppendProperty(b, "TAGS", "标签")
	require.Equal(t, "KEYS\x01k1 k2\x02TAGS\x01标签\x02", string(b))
}

func TestCheckProperty(t *testing.T) {
	t.Parallel()
	require.NoError(t, CheckProperty("KEYS", ""))
	require.NoError(t, CheckProperty("k\x00\x03", "标签\n\x00"))
	for _, bad := range [][2]string{{"", "v"}, {"a\x01b", "v"}, {"a\x02", "v"}, {"k", "\x01"}, {"k", "a\x02b"}, {"k", strings.Repeat("x", 1000) + "\x02"}} {
		err := CheckProperty(bad[0], bad[1])
		require.ErrorIs(t, err, ErrProperty)
		require.Less(t, len(err.Error()), 250, "a long value is not put into the text")
	}
}

func TestLookupPropertyAllocs(t *testing.T) {
	props := "KEYS\x01k1\x02TAGS\x01TagA\x02UNIQ_KEY\x010A00000200002A9F00000000000003E8\x02"
	budget.Allocs(t, 0, 100, func() {
		if v, ok := LookupProperty(props, PropUniqKey); !ok || len(v) != 32 {
			panic(v)
		}
	})
}

func FuzzProperties(f *testing.F) {
	for _, v := range vectors[javaProperties](f, "java_properties.jsonl") {
		f.Add(v.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m := propertyMap(text)
		var again []byte
		for k, v := range m {
			if err := CheckProperty(k, ""); err != nil {
				t.Fatalf("a name that was read cannot be written: %v", err)
			}
			if got, ok := LookupProperty(text, k); !ok || got != v {
				t.Fatalf("%q is %q, %t, in the map %q", k, got, ok, v)
			}
			again = AppendProperty(again, k, v)
		}
		for k, v := range propertyMap(string(again)) {
			if m[k] != v {
				t.Fatalf("%q became %q", m[k], v)
			}
		}
	})
}

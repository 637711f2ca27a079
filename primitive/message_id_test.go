package primitive_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/budget"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func TestUnmarshalMsgID(t *testing.T) {
	t.Parallel()
	id, err := primitive.UnmarshalMsgID([]byte("0A00000200002A9F00000000000003E8"))
	require.NoError(t, err)
	require.Equal(t, &primitive.MessageID{Addr: "10.0.0.2", Port: 10911, Offset: 1000}, id)
	require.Equal(t, "MessageID [10.0.0.2:10911, offset=1000]", id.String())
	id, err = primitive.UnmarshalMsgID([]byte("20010db8000000000000000000000001" + "00002a9f" + "7fffffffffffffff"))
	require.NoError(t, err)
	require.Equal(t, &primitive.MessageID{Addr: "[2001:db8::1]", Port: 10911, Offset: 1<<63 - 1}, id)
	for _, bad := range []string{"", "x", "0A00000200002A9F00000000000003E", "0A00000200002A9F00000000000003EX", "0A000002FFFFFFFF00000000000003E8"} {
		_, err := primitive.UnmarshalMsgID([]byte(bad))
		require.ErrorContains(t, err, "illegal message id", "%q", bad)
	}
}

func TestCreateUniqID(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 100_000 {
		id := primitive.CreateUniqID()
		require.Contains(t, []int{32, 56}, len(id))
		require.False(t, seen[id])
		seen[id] = true
	}
}

func TestCreateUniqIDAllocs(t *testing.T) {
	budget.Allocs(t, 1, 100, func() { _ = primitive.CreateUniqID() })
}

func FuzzUnmarshalMsgID(f *testing.F) {
	f.Add([]byte("0A00000200002A9F00000000000003E8"))
	f.Add([]byte("20010db800000000000000000000000100002a9f7fffffffffffffff"))
	f.Fuzz(func(t *testing.T, id []byte) {
		if m, err := primitive.UnmarshalMsgID(id); err == nil && (m.Addr == "" || m.Port < 0 || m.Port > 65535) {
			t.Fatalf("%s", m)
		}
	})
}

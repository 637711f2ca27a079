package record

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type javaID struct {
	Kind   string
	IP     hexBytes
	Port   uint16
	PID    uint16
	Offset int64
	ID     string
}

func TestIDsAsJava(t *testing.T) {
	t.Parallel()
	kinds := map[string]int{}
	for _, v := range vectors[javaID](t, "java_ids.jsonl") {
		kinds[v.Kind]++
		if v.Kind == "unique" {
			u, err := ParseUniqID(v.ID)
			require.NoError(t, err)
			require.Equal(t, []byte(v.IP), u.Addr.AsSlice())
			require.Equal(t, v.PID, u.PID)
			continue
		}
		host := addrPort(t, v.IP, v.Port)
		require.Equal(t, v.ID, OffsetID(host, v.Offset))
		for _, id := range []string{v.ID, strings.ToLower(v.ID)} {
			gotHost, gotOffset, err := ParseOffsetID(id)
			require.NoError(t, err)
			require.Equal(t, host, gotHost)
			require.Equal(t, v.Offset, gotOffset)
		}
	}
	require.NotZero(t, kinds["unique"])
	require.NotZero(t, kinds["offset"])
}

func TestParseIDErrors(t *testing.T) {
	t.Parallel()
	good := OffsetID(netip.MustParseAddrPort("10.0.0.2:10911"), 1000)
	for _, id := range []string{"", "x", good[1:], good + "0", "G" + good[1:], "标" + good[3:], strings.Repeat("0", 1000), strings.Repeat("z", 56)} {
		_, _, err := ParseOffsetID(id)
		require.ErrorIs(t, err, ErrMessageID, "%q", id)
		_, err = ParseUniqID(id)
		require.ErrorIs(t, err, ErrMessageID, "%q", id)
	}
	_, _, err := ParseOffsetID("0A000002" + "00012A9F" + "00000000000003E8")
	require.ErrorIs(t, err, ErrMessageID, "port 76447")
}

func TestUniqIDTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2024, 5, 10, 12, 0, 0, 0, time.UTC)
	day := uint32(24 * time.Hour / time.Millisecond)
	require.Equal(t, time.Date(2024, 5, 3, 0, 0, 0, 0, time.UTC), UniqID{Millis: 2 * day}.Time(now))
	require.Equal(t, time.Date(2024, 4, 21, 0, 0, 0, 0, time.UTC), UniqID{Millis: 20 * day}.Time(now), "of the month before")
	require.Equal(t, time.Date(2024, 3, 31, 0, 0, 0, 0, time.UTC),
		UniqID{Millis: 30 * day}.Time(time.Date(2024, 4, 2, 0, 0, 0, 0, time.UTC)), "the time does not fit 31 bits")
}

func FuzzParseIDs(f *testing.F) {
	for _, v := range vectors[javaID](f, "java_ids.jsonl") {
		f.Add(v.ID)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if host, offset, err := ParseOffsetID(id); err == nil {
			if again := OffsetID(host, offset); !strings.EqualFold(again, id) {
				t.Fatalf("%s became %s", id, again)
			}
		}
		if u, err := ParseUniqID(id); err == nil && !u.Addr.IsValid() {
			t.Fatalf("%s has no address", id)
		}
	})
}

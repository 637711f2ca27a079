package consumer

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// javaFile is what Java's LocalFileOffsetStore writes.
const javaFile = `{
	"offsetTable":{{
			"brokerName":"broker-a",
			"queueId":1,
			"topic":"TopicTest"
		}:8,{
			"brokerName":"broker-a",
			"queueId":0,
			"topic":"TopicTest"
		}:7
	}
}`

func queue(broker string, id int) primitive.MessageQueue {
	return primitive.MessageQueue{Topic: "TopicTest", BrokerName: broker, QueueId: id}
}

func TestOffsetFileOfJavaIsRead(t *testing.T) {
	t.Parallel()
	got, err := decodeOffsets([]byte(javaFile))
	require.NoError(t, err)
	require.Equal(t, map[primitive.MessageQueue]int64{queue("broker-a", 0): 7, queue("broker-a", 1): 8}, got)
	got, err = decodeOffsets([]byte(`{"offsetTable":{}}`))
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestOffsetFileIsWrittenAsJavaDoes(t *testing.T) {
	t.Parallel()
	got := encodeOffsets(map[primitive.MessageQueue]int64{queue("broker-a", 1): 8, queue("broker-a", 0): 7})
	want := `{
	"offsetTable":{{
			"brokerName":"broker-a",
			"queueId":0,
			"topic":"TopicTest"
		}:7,{
			"brokerName":"broker-a",
			"queueId":1,
			"topic":"TopicTest"
		}:8
	}
}`
	require.Equal(t, want, string(got))
	empty, err := decodeOffsets(encodeOffsets(nil))
	require.NoError(t, err)
	require.Empty(t, empty)
}

func FuzzDecodeOffsets(f *testing.F) {
	f.Add([]byte(javaFile))
	f.Add([]byte(`{"offsetTable":{"{\"topic\":\"t\",\"brokerName\":\"b\",\"queueId\":1}":5}}`))
	f.Add([]byte(`{"offsetTable":{{`))
	f.Add([]byte(``))
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := decodeOffsets(b)
		if err != nil {
			return
		}
		again, err := decodeOffsets(encodeOffsets(table))
		require.NoError(t, err)
		require.Equal(t, len(table), len(again))
	})
}

func openStore(t *testing.T, dir string) *localOffsets {
	t.Helper()
	g := lifecycle.NewGroup("test")
	t.Cleanup(func() { require.NoError(t, g.Stop(context.Background())) })
	s, err := openLocalOffsets(dir, lifecycle.NewExecutor(g, "save", 1, 1), func(err error) { t.Error(err) })
	require.NoError(t, err)
	return s
}

func offsetOf(t *testing.T, s *localOffsets, mq primitive.MessageQueue) int64 {
	t.Helper()
	got := int64(-99)
	s.read(mq, func(offset int64, err error) { require.NoError(t, err); got = offset })
	return got
}

func TestLocalOffsetsSurviveARestart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "client", "group")
	s := openStore(t, dir)
	require.EqualValues(t, noOffset, offsetOf(t, s, queue("b", 0)))
	s.commit(queue("b", 0), 5, func(err error) { require.NoError(t, err) })
	s.commit(queue("b", 1), 6, func(err error) { require.NoError(t, err) })
	require.EqualValues(t, 5, offsetOf(t, s, queue("b", 0)))
	require.NoError(t, s.save())

	other := openStore(t, dir) // another consumer of the group on this host, with other queues
	require.EqualValues(t, 5, offsetOf(t, other, queue("b", 0)))
	other.commit(queue("c", 0), 9, func(error) {})
	require.NoError(t, other.save())

	s.commit(queue("b", 1), 7, func(error) {})
	require.NoError(t, s.save())
	last := openStore(t, dir)
	require.EqualValues(t, 5, offsetOf(t, last, queue("b", 0)))
	require.EqualValues(t, 7, offsetOf(t, last, queue("b", 1)))
	require.EqualValues(t, 9, offsetOf(t, last, queue("c", 0)), "queues unknown to a consumer are kept")

	bak, err := readOffsets(s.path + ".bak")
	require.NoError(t, err)
	require.EqualValues(t, 6, bak[queue("b", 1)], "the version before")
	names, err := filepath.Glob(filepath.Join(dir, "*.tmp"))
	require.NoError(t, err)
	require.Empty(t, names)
}

func TestLocalOffsetsAreSavedInTheBackground(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openStore(t, dir)
	for i := range int64(100) {
		s.commit(queue("b", 0), i, func(error) {})
	}
	eventually(t, func() bool {
		table, err := readOffsets(s.path)
		return err == nil && table[queue("b", 0)] == 99
	}, "the last offset is in the file")
}

// A process that is killed while it saves leaves behind one of the states here; none of them is unreadable.
func TestLocalOffsetsSurviveAKillAtAnyMoment(t *testing.T) {
	t.Parallel()
	older := encodeOffsets(map[primitive.MessageQueue]int64{queue("b", 0): 1})
	old := encodeOffsets(map[primitive.MessageQueue]int64{queue("b", 0): 2})
	fresh := encodeOffsets(map[primitive.MessageQueue]int64{queue("b", 0): 3})
	for _, tt := range []struct {
		name  string
		files map[string][]byte
		want  int64
	}{
		{"nothing was ever saved", nil, noOffset},
		{"in the first save, new file half written", map[string][]byte{"offsets.json.1.tmp": fresh[:10]}, noOffset},
		{"new file half written", map[string][]byte{"offsets.json": old, "offsets.json.bak": older, "offsets.json.1.tmp": fresh[:10]}, 2},
		{"backup half written", map[string][]byte{"offsets.json": old, "offsets.json.bak": older, "offsets.json.1.tmp": fresh, "offsets.json.2.tmp": old[:7]}, 2},
		{"before the new file takes its name", map[string][]byte{"offsets.json": old, "offsets.json.bak": old, "offsets.json.1.tmp": fresh}, 2},
		{"after", map[string][]byte{"offsets.json": fresh, "offsets.json.bak": old}, 3},
		{"file emptied by a file system without ordering", map[string][]byte{"offsets.json": {}, "offsets.json.bak": old}, 2},
		{"file cut short by Java", map[string][]byte{"offsets.json": fresh[:20], "offsets.json.bak": old}, 2},
		{"file lost by Java between copy and replace", map[string][]byte{"offsets.json.bak": old}, 2},
	} {
		dir := t.TempDir()
		for name, content := range tt.files {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
		}
		require.EqualValues(t, tt.want, offsetOf(t, openStore(t, dir), queue("b", 0)), tt.name)
	}
}

func TestLocalOffsetsRefuseToStartOverWhenBothFilesAreBad(t *testing.T) {
	t.Parallel()
	for _, files := range []map[string]string{
		{"offsets.json": "{{{", "offsets.json.bak": "x"},
		{"offsets.json": "{{{"},
	} {
		dir := t.TempDir()
		for name, content := range files {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
		}
		_, err := openLocalOffsets(dir, nil, nil)
		require.ErrorContains(t, err, "offsets.json")
	}
}

func TestLocalOffsetsAreTriedAgainAfterAFailedSave(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openStore(t, dir)
	s.mu.Lock()
	s.table[queue("b", 0)], s.dirty = 4, true
	s.mu.Unlock()
	blocker := s.path
	require.NoError(t, os.MkdirAll(filepath.Join(blocker, "x"), 0o755)) // a folder stands where the file belongs
	require.ErrorContains(t, s.save(), "not saved")
	require.NoError(t, os.RemoveAll(blocker))
	require.NoError(t, s.save(), "what was not saved is still known")
	table, err := readOffsets(s.path)
	require.NoError(t, err)
	require.EqualValues(t, 4, table[queue("b", 0)])
}

func TestOffsetDirIsJavasAndHasNoProcessIDInIt(t *testing.T) {
	t.Parallel()
	dir, err := offsetDir("base", "10.0.0.1", "", "", "group")
	require.NoError(t, err)
	require.Equal(t, filepath.Join("base", "10.0.0.1@DEFAULT", "group"), dir)
	dir, err = offsetDir("base", "10.0.0.1", "name", "unit", "group")
	require.NoError(t, err)
	require.Equal(t, filepath.Join("base", "10.0.0.1@name@unit", "group"), dir)
	if runtime.GOOS != "windows" {
		home, err := os.UserHomeDir()
		if err == nil {
			dir, err = offsetDir("", "10.0.0.1", "", "", "group")
			require.NoError(t, err)
			require.Equal(t, filepath.Join(home, ".rocketmq_offsets", "10.0.0.1@DEFAULT", "group"), dir)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err = openLocalOffsets(filepath.Join(file, "x"), nil, nil)
	require.Error(t, err)
}

func TestOffsetFileIsDeterministic(t *testing.T) {
	t.Parallel()
	table := map[primitive.MessageQueue]int64{}
	for i := range 50 {
		table[queue("b", i)] = int64(i)
	}
	first := encodeOffsets(table)
	for range 10 {
		require.True(t, bytes.Equal(first, encodeOffsets(table)))
	}
}

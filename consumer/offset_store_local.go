package consumer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	jsoniter "github.com/json-iterator/go"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// localOffsets keeps the offsets of a broadcasting consumer in a file that the Java client can read and write
// (Java: LocalFileOffsetStore): <dir>/<client>/<group>/offsets.json, and the version before it in offsets.json.bak.
type localOffsets struct {
	path  string
	saver *lifecycle.Executor // writes the file, one at a time
	warn  func(error)

	mu     sync.Mutex
	table  map[primitive.MessageQueue]int64
	dirty  bool // the file is older than the table
	queued bool // a save is about to run

	file sync.Mutex // held while the file is written
}

// offsetDir returns the folder of a group. The client's part has no process id or random number in it: a restart
// must find the file again (Java: broadcasting clients keep the instance name DEFAULT).
func offsetDir(base, ip, instanceName, unit, group string) (string, error) {
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("no place for offset files, use WithOffsetStoreDir: %w", err)
		}
		base = filepath.Join(home, ".rocketmq_offsets")
	}
	if instanceName == "" {
		instanceName = "DEFAULT"
	}
	client := ip + "@" + instanceName
	if unit != "" {
		client += "@" + unit
	}
	if runtime.GOOS == "windows" { // an IPv6 address has colons
		client = strings.ReplaceAll(client, ":", "-")
		group = strings.ReplaceAll(group, "|", "_")
	}
	return filepath.Join(base, client, group), nil
}

// openLocalOffsets reads the file, if there is one, and makes sure that it can be written.
func openLocalOffsets(dir string, saver *lifecycle.Executor, warn func(error)) (*localOffsets, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("folder for offsets: %w", err)
	}
	s := &localOffsets{path: filepath.Join(dir, "offsets.json"), saver: saver, warn: warn}
	table, err := s.load()
	if err != nil {
		return nil, err
	}
	s.table = table
	return s, nil
}

func (s *localOffsets) read(mq primitive.MessageQueue, done func(int64, error)) {
	s.mu.Lock()
	offset, ok := s.table[mq]
	s.mu.Unlock()
	if !ok {
		offset = noOffset
	}
	done(offset, nil)
}

// commit keeps the offset in memory and has the file written in the background.
func (s *localOffsets) commit(mq primitive.MessageQueue, offset int64, done func(error)) {
	s.mu.Lock()
	s.table[mq] = offset
	s.dirty = true
	if !s.queued {
		s.queued = s.saver.TrySubmit(s.saveNow)
	}
	s.mu.Unlock()
	done(nil)
}

func (s *localOffsets) saveNow(context.Context) {
	s.mu.Lock()
	s.queued = false
	s.mu.Unlock()
	if err := s.save(); err != nil {
		s.warn(err)
	}
}

// load reads the file, or else the version before it. No file at all is an empty table; two bad ones are an error,
// because starting over would repeat or skip messages unasked.
func (s *localOffsets) load() (map[primitive.MessageQueue]int64, error) {
	table, err := readOffsets(s.path)
	if err == nil {
		return table, nil
	}
	table, bakErr := readOffsets(s.path + ".bak")
	switch {
	case bakErr == nil:
		return table, nil
	case errors.Is(err, fs.ErrNotExist) && errors.Is(bakErr, fs.ErrNotExist):
		return map[primitive.MessageQueue]int64{}, nil
	case errors.Is(bakErr, fs.ErrNotExist):
		return nil, err
	}
	return nil, errors.Join(err, bakErr)
}

// save writes what has changed. Offsets that another consumer of the group on this host has stored meanwhile for
// queues unknown here are kept.
func (s *localOffsets) save() error {
	s.file.Lock()
	defer s.file.Unlock()
	merged, err := s.load()
	if err != nil {
		merged = map[primitive.MessageQueue]int64{} // better a good file now than a bad one for ever
	}
	s.mu.Lock()
	if !s.dirty {
		s.mu.Unlock()
		return nil
	}
	s.dirty = false
	for mq, offset := range s.table {
		merged[mq] = offset
	}
	s.mu.Unlock()

	if err := s.replace(encodeOffsets(merged)); err != nil {
		s.mu.Lock()
		s.dirty = true
		s.mu.Unlock()
		return fmt.Errorf("offsets not saved: %w", err)
	}
	return nil
}

// replace puts content in place of the file so that a crash at any moment leaves a complete version behind: the new
// one is complete on disk before the old one becomes the backup by a copy, and takes its name by an atomic rename.
func (s *localOffsets) replace(content []byte) error {
	tmp, err := writeSynced(filepath.Dir(s.path), content)
	if err != nil {
		return err
	}
	old, err := os.ReadFile(s.path)
	if err == nil && len(old) > 0 {
		var bak string
		if bak, err = writeSynced(filepath.Dir(s.path), old); err == nil {
			err = os.Rename(bak, s.path+".bak")
		}
		if err != nil {
			_ = os.Remove(tmp)
			return err
		}
	}
	if err := os.Rename(tmp, s.path); err != nil {
		_ = os.Remove(tmp)
		return err
	}
	syncDir(filepath.Dir(s.path))
	return nil
}

// writeSynced writes content to a new file in dir and returns its name once it is on the disk.
func writeSynced(dir string, content []byte) (name string, err error) {
	f, err := os.CreateTemp(dir, "offsets.json.*.tmp")
	if err != nil {
		return "", err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// syncDir makes a rename durable where folders can be synced; where they cannot, the rename is atomic all the same.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// readOffsets reads one file in fastjson's dialect, in which the keys of a map may be objects.
func readOffsets(path string) (map[primitive.MessageQueue]int64, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(content) == 0 {
		return nil, fmt.Errorf("offset file %s is empty", path)
	}
	table, err := decodeOffsets(content)
	if err != nil {
		return nil, fmt.Errorf("offset file %s: %w", path, err)
	}
	return table, nil
}

func decodeOffsets(content []byte) (map[primitive.MessageQueue]int64, error) {
	var file struct {
		OffsetTable map[string]int64 `json:"offsetTable"`
	}
	if err := jsoniter.ConfigCompatibleWithStandardLibrary.Unmarshal(wire.Normalize(content), &file); err != nil {
		return nil, err
	}
	table := make(map[primitive.MessageQueue]int64, len(file.OffsetTable))
	for key, offset := range file.OffsetTable {
		var mq struct {
			Topic      string `json:"topic"`
			BrokerName string `json:"brokerName"`
			QueueID    int    `json:"queueId"`
		}
		if err := jsoniter.ConfigCompatibleWithStandardLibrary.UnmarshalFromString(key, &mq); err != nil {
			return nil, fmt.Errorf("queue %q: %w", key, err)
		}
		table[primitive.MessageQueue{Topic: mq.Topic, BrokerName: mq.BrokerName, QueueId: mq.QueueID}] = offset
	}
	return table, nil
}

// encodeOffsets writes the file as fastjson pretty-prints it.
func encodeOffsets(table map[primitive.MessageQueue]int64) []byte {
	queues := make([]primitive.MessageQueue, 0, len(table))
	for mq := range table {
		queues = append(queues, mq)
	}
	slices.SortFunc(queues, compareQueues)
	b := []byte("{\n\t\"offsetTable\":{")
	for i, mq := range queues {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, "{\n\t\t\t\"brokerName\":"...)
		b = appendJSONString(b, mq.BrokerName)
		b = append(b, ",\n\t\t\t\"queueId\":"...)
		b = strconv.AppendInt(b, int64(mq.QueueId), 10)
		b = append(b, ",\n\t\t\t\"topic\":"...)
		b = appendJSONString(b, mq.Topic)
		b = append(b, "\n\t\t}:"...)
		b = strconv.AppendInt(b, table[mq], 10)
	}
	return append(b, "\n\t}\n}"...)
}

func appendJSONString(b []byte, s string) []byte {
	quoted, _ := jsoniter.ConfigCompatibleWithStandardLibrary.Marshal(s) // a string cannot fail
	return append(b, quoted...)
}

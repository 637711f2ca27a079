package rlog

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/budget"
)

func noTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

func textSlog(w *bytes.Buffer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: noTime}))
}

func logAll(l Logger) {
	l.Debug("one", map[string]interface{}{"b": 2, "a": "x y"})
	l.Info("two", nil)
	l.Warning("three", map[string]interface{}{LogKeyUnderlayError: errors.New("no")})
	l.Error("four", nil)
	l.Fatal("five", nil)
	l.Error("", nil)
}

func TestFromSlog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	l := FromSlog(textSlog(&out, slog.LevelDebug))
	logAll(l)
	require.Equal(t, `level=DEBUG msg=one a="x y" b=2
level=INFO msg=two
level=WARN msg=three underlayError=no
level=ERROR msg=four
level=ERROR+4 msg=five
`, out.String())
	require.ErrorIs(t, l.OutputPath("file"), ErrNoOutputPath)
}

func TestLevels(t *testing.T) {
	t.Parallel()
	for level, lines := range map[string]int{
		"debug": 5, "info": 4, "INFO": 4, "nonsense": 4, "": 4, "warn": 3, "Warning": 3, "error": 2, " fatal ": 1,
	} {
		var out bytes.Buffer
		l := FromSlog(textSlog(&out, slog.LevelDebug))
		l.Level(level)
		logAll(l)
		require.Equal(t, lines, strings.Count(out.String(), "\n"), "level %q", level)
	}
	var out bytes.Buffer
	l := FromSlog(textSlog(&out, slog.LevelError))
	l.Level("debug")
	logAll(l)
	require.Equal(t, 2, strings.Count(out.String(), "\n"), "the handler's own level stays")
	require.False(t, Enabled(l, slog.LevelWarn))
	require.True(t, Enabled(l, slog.LevelError))
}

func TestDiscard(t *testing.T) {
	t.Parallel()
	for _, l := range []Logger{Discard(), FromSlog(nil)} {
		logAll(l)
		l.Level("debug")
		require.NoError(t, l.OutputPath(filepath.Join(t.TempDir(), "never made")))
		require.False(t, Enabled(l, LevelFatal))
	}
}

// custom is a Logger of an application: it says nothing about levels.
type custom struct {
	mu    sync.Mutex
	lines []string
}

func (c *custom) add(level, msg string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = append(c.lines, level+" "+msg)
}
func (c *custom) Debug(msg string, _ map[string]interface{})   { c.add("debug", msg) }
func (c *custom) Info(msg string, _ map[string]interface{})    { c.add("info", msg) }
func (c *custom) Warning(msg string, _ map[string]interface{}) { c.add("warning", msg) }
func (c *custom) Error(msg string, _ map[string]interface{})   { c.add("error", msg) }
func (c *custom) Fatal(msg string, _ map[string]interface{})   { c.add("fatal", msg) }
func (c *custom) Level(level string)                           { c.add("level", level) }
func (c *custom) OutputPath(path string) error                 { c.add("path", path); return nil }

// The tests below change the process default and therefore do not run in parallel.

func keepDefault(t *testing.T) {
	before := process().current.Load()
	t.Cleanup(func() { process().current.Store(before) })
}

func TestSetLogger(t *testing.T) {
	keepDefault(t)
	held := Default() // what a client got when it was made
	c := &custom{}
	SetLogger(c)
	SetLogger(Default()) // changes nothing, and above all does not go round in circles
	Debug("1", nil)
	Info("2", nil)
	Warning("3", nil)
	Error("4", nil)
	Fatal("5", nil)
	SetLogLevel("")
	SetLogLevel("debug")
	require.NoError(t, SetOutputPath(""))
	require.NoError(t, SetOutputPath("p"))
	held.Info("6", nil)
	require.Equal(t, []string{"debug 1", "info 2", "warning 3", "error 4", "fatal 5", "level debug", "path p", "info 6"}, c.lines)
	require.True(t, Enabled(held, slog.LevelDebug), "one that does not say logs all")
	SetLogger(nil)
	Error("dropped", nil)
	require.Len(t, c.lines, 8)
	require.False(t, Enabled(held, slog.LevelError))
}

func TestDefaultWritesWarnings(t *testing.T) {
	keepDefault(t)
	dir := t.TempDir()
	process().current.Store(&loggerBox{newTextLogger("")})
	first, second := filepath.Join(dir, "first.log"), filepath.Join(dir, "second.log")
	require.NoError(t, SetOutputPath(first))
	logAll(Default())
	require.NoError(t, SetOutputPath(second))
	SetLogLevel("debug")
	logAll(Default())
	require.NoError(t, SetOutputPath(first))
	SetLogLevel("fatal")
	logAll(Default())
	require.Error(t, SetOutputPath(filepath.Join(dir, "no such folder", "x.log")))
	Fatal("still there", nil)

	text, err := os.ReadFile(first)
	require.NoError(t, err)
	require.Equal(t, 3+1+1, strings.Count(string(text), "\n"), string(text))
	require.Contains(t, string(text), "level=FATAL msg=five")
	require.Contains(t, string(text), "level=WARN msg=three underlayError=no")
	text, err = os.ReadFile(second)
	require.NoError(t, err)
	require.Equal(t, 5, strings.Count(string(text), "\n"))
	// the file belongs to the test's folder, which Windows does not remove while it is open
	require.NoError(t, process().logger().(*textLogger).out.file.Close())
}

func TestDefaultLevelFromEnvironment(t *testing.T) {
	for value, enabled := range map[string]slog.Level{"": slog.LevelWarn, "debug": slog.LevelDebug, "error": slog.LevelError} {
		l := newTextLogger(value)
		require.True(t, l.Enabled(enabled))
		require.False(t, l.Enabled(enabled-1))
	}
}

// All of it may be called at once; the race detector has the say.
func TestConcurrently(t *testing.T) {
	keepDefault(t)
	dir := t.TempDir()
	text := newTextLogger("fatal")
	require.NoError(t, text.OutputPath(filepath.Join(dir, "0.log")))
	process().current.Store(&loggerBox{text})
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 50 {
				Error("x", map[string]interface{}{"a": i})
				switch i {
				case 0:
					SetLogLevel("error")
				case 1:
					SetLogger(text)
				case 2:
					if err := text.OutputPath(filepath.Join(dir, fmt.Sprint(i, ".log"))); err != nil {
						t.Error(err)
					}
				default:
					_ = Enabled(Default(), slog.LevelDebug)
				}
			}
		}()
	}
	wg.Wait()
	require.NoError(t, text.out.file.Close())
}

// What is not logged costs nothing when the caller asks first.
func TestDisabledLevelAllocs(t *testing.T) {
	keepDefault(t)
	process().current.Store(&loggerBox{newTextLogger("")})
	l := Default()
	budget.Allocs(t, 0, 100, func() {
		if Enabled(l, slog.LevelDebug) {
			l.Debug("x", map[string]interface{}{"a": 1})
		}
		l.Debug("without fields", nil)
	})
}

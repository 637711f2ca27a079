package rlog

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"

	"go.uber.org/atomic"
)

// process is the process default. The API of rocketmq-client-go sets it by functions, so it has to live here; a
// client that is given a Logger does not look at it.
var process = sync.OnceValue(func() *processDefault {
	p := new(processDefault)
	p.current.Store(&loggerBox{newTextLogger(os.Getenv("ROCKETMQ_GO_LOG_LEVEL"))})
	return p
})

// loggerBox lets loggers of different types take turns in one atomic pointer.
type loggerBox struct{ Logger }

// processDefault is a Logger that passes on to the one set last.
type processDefault struct{ current atomic.Pointer[loggerBox] }

func (p *processDefault) logger() Logger { return p.current.Load().Logger }

func (p *processDefault) Debug(msg string, fields map[string]interface{}) {
	p.logger().Debug(msg, fields)
}
func (p *processDefault) Info(msg string, fields map[string]interface{}) {
	p.logger().Info(msg, fields)
}
func (p *processDefault) Warning(msg string, fields map[string]interface{}) {
	p.logger().Warning(msg, fields)
}
func (p *processDefault) Error(msg string, fields map[string]interface{}) {
	p.logger().Error(msg, fields)
}
func (p *processDefault) Fatal(msg string, fields map[string]interface{}) {
	p.logger().Fatal(msg, fields)
}
func (p *processDefault) Level(level string)            { p.logger().Level(level) }
func (p *processDefault) OutputPath(path string) error  { return p.logger().OutputPath(path) }
func (p *processDefault) Enabled(level slog.Level) bool { return Enabled(p.logger(), level) }

// Default returns the process default: a Logger that follows SetLogger. Until then it writes warnings and errors to
// standard error; the environment variable ROCKETMQ_GO_LOG_LEVEL sets another level.
func Default() Logger { return process() }

// SetLogger makes l the process default; nil is like Discard. Clients that run already use it from their next line
// on. It is safe for concurrent use.
func SetLogger(l Logger) {
	switch {
	case l == nil:
		l = Discard()
	case l == Logger(process()):
		return // it would pass lines on to itself
	}
	process().current.Store(&loggerBox{l})
}

// SetLogLevel sets the lowest level that the process default logs: "debug", "info", "warn", "error" or "fatal". An
// empty level changes nothing, an unknown one means "info".
func SetLogLevel(level string) {
	if level != "" {
		process().Level(level)
	}
}

// SetOutputPath has the process default append to a file, which is made when it is missing. An empty path changes
// nothing. The file grows for as long as there is trouble to log; rotating it is up to the system's tools.
func SetOutputPath(path string) (err error) {
	if path == "" {
		return nil
	}
	return process().OutputPath(path)
}

// Debug logs to the process default.
func Debug(msg string, fields map[string]interface{}) { process().Debug(msg, fields) }

// Info logs to the process default.
func Info(msg string, fields map[string]interface{}) { process().Info(msg, fields) }

// Warning logs to the process default.
func Warning(msg string, fields map[string]interface{}) { process().Warning(msg, fields) }

// Error logs to the process default.
func Error(msg string, fields map[string]interface{}) { process().Error(msg, fields) }

// Fatal logs to the process default and, unlike that of other packages, returns: a library does not end a process.
func Fatal(msg string, fields map[string]interface{}) { process().Fatal(msg, fields) }

// textLogger writes lines of slog's text form to standard error or a file.
type textLogger struct {
	*slogLogger
	out *output
}

func newTextLogger(level string) *textLogger {
	out := &output{w: os.Stderr}
	handler := slog.NewTextHandler(out, &slog.HandlerOptions{
		Level: slog.LevelDebug, // the level is the Logger's matter
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && a.Key == slog.LevelKey && a.Value.Any() == LevelFatal {
				a.Value = slog.StringValue("FATAL")
			}
			return a
		},
	})
	l := &textLogger{slogLogger: FromSlog(slog.New(handler)).(*slogLogger), out: out}
	if level == "" {
		level = "warn"
	}
	l.Level(level)
	return l
}

func (l *textLogger) OutputPath(path string) error { return l.out.open(path) }

// output is a writer whose file can be changed while it is written to.
type output struct {
	mu   sync.Mutex
	w    io.Writer
	file *os.File // what w is when it is ours to close
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.w.Write(p)
}

func (o *output) open(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return fmt.Errorf("log to a file: %w", err)
	}
	o.mu.Lock()
	old := o.file
	o.w, o.file = file, file
	o.mu.Unlock()
	if old != nil {
		return old.Close()
	}
	return nil
}

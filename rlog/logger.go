package rlog

import (
	"log/slog"
	"strings"
)

// Logger takes log lines: a message and named values. All methods must be safe for concurrent use and fields may
// not be changed or kept.
type Logger interface {
	// Debug is for following in detail what a client does.
	Debug(msg string, fields map[string]interface{})
	// Info is for rare events in the life of a client.
	Info(msg string, fields map[string]interface{})
	// Warning is for trouble that the client deals with.
	Warning(msg string, fields map[string]interface{})
	// Error is for trouble that the client cannot deal with.
	Error(msg string, fields map[string]interface{})
	// Fatal is like Error. The loggers of this package do not end the process.
	Fatal(msg string, fields map[string]interface{})
	// Level sets the lowest level that is logged: "debug", "info", "warn", "error" or "fatal".
	Level(level string)
	// OutputPath sets the file that is written to.
	OutputPath(path string) (err error)
}

// LevelFatal is the slog level of Fatal.
const LevelFatal = slog.LevelError + 4

// Leveler is what a Logger may implement to say that it drops a level, so that callers need not build the fields.
type Leveler interface {
	// Enabled reports whether lines of this level are logged.
	Enabled(level slog.Level) bool
}

// Enabled reports whether l logs lines of this level; a Logger that does not say counts as logging all. Callers on
// busy paths ask before they build fields.
func Enabled(l Logger, level slog.Level) bool {
	if leveler, ok := l.(Leveler); ok {
		return leveler.Enabled(level)
	}
	return true
}

// parseLevel is generous as rocketmq-client-go is: what it does not know is "info".
func parseLevel(level string) slog.Level {
	switch strings.ToLower(strings.TrimSpace(level)) {
	case "debug":
		return slog.LevelDebug
	case "warn", "warning":
		return slog.LevelWarn
	case "error":
		return slog.LevelError
	case "fatal":
		return LevelFatal
	}
	return slog.LevelInfo
}

// Discard returns a Logger that drops everything.
func Discard() Logger { return discard{} }

type discard struct{}

func (discard) Debug(string, map[string]interface{})   {}
func (discard) Info(string, map[string]interface{})    {}
func (discard) Warning(string, map[string]interface{}) {}
func (discard) Error(string, map[string]interface{})   {}
func (discard) Fatal(string, map[string]interface{})   {}
func (discard) Level(string)                           {}
func (discard) OutputPath(string) error                { return nil }
func (discard) Enabled(slog.Level) bool                { return false }

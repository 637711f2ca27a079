package rlog

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"slices"

	"go.uber.org/atomic"
)

// ErrNoOutputPath says that a Logger writes where the application's slog handler writes, and nowhere else.
var ErrNoOutputPath = errors.New("the output of a slog logger is set in its handler")

// FromSlog returns a Logger that writes to l, fields in the order of their names; Fatal has the level LevelFatal. A
// nil l is like Discard. Level raises the handler's own lowest level, OutputPath returns ErrNoOutputPath.
func FromSlog(l *slog.Logger) Logger {
	if l == nil {
		return Discard()
	}
	s := &slogLogger{handler: l.Handler(), logger: l}
	s.lowest.Store(math.MinInt32)
	return s
}

type slogLogger struct {
	handler slog.Handler
	logger  *slog.Logger
	lowest  atomic.Int32
}

func (s *slogLogger) Enabled(level slog.Level) bool {
	return int32(level) >= s.lowest.Load() && s.handler.Enabled(context.Background(), level)
}

func (s *slogLogger) log(level slog.Level, msg string, fields map[string]interface{}) {
	if !s.Enabled(level) || msg == "" && len(fields) == 0 {
		return
	}
	s.logger.LogAttrs(context.Background(), level, msg, attrs(fields)...)
}

func attrs(fields map[string]interface{}) []slog.Attr {
	out := make([]slog.Attr, 0, len(fields))
	for k, v := range fields {
		out = append(out, slog.Any(k, v))
	}
	slices.SortFunc(out, func(a, b slog.Attr) int {
		switch {
		case a.Key < b.Key:
			return -1
		case a.Key > b.Key:
			return 1
		}
		return 0
	})
	return out
}

func (s *slogLogger) Debug(msg string, fields map[string]interface{}) {
	s.log(slog.LevelDebug, msg, fields)
}

func (s *slogLogger) Info(msg string, fields map[string]interface{}) {
	s.log(slog.LevelInfo, msg, fields)
}

func (s *slogLogger) Warning(msg string, fields map[string]interface{}) {
	s.log(slog.LevelWarn, msg, fields)
}

func (s *slogLogger) Error(msg string, fields map[string]interface{}) {
	s.log(slog.LevelError, msg, fields)
}

func (s *slogLogger) Fatal(msg string, fields map[string]interface{}) {
	s.log(LevelFatal, msg, fields)
}

func (s *slogLogger) Level(level string) { s.lowest.Store(int32(parseLevel(level))) }

func (s *slogLogger) OutputPath(string) error { return ErrNoOutputPath }

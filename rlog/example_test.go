package rlog_test

import (
	"log/slog"
	"os"

	"github.com/rocketmq-go/rocketmq/rlog"
)

func ExampleFromSlog() {
	handler := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	})
	logger := rlog.FromSlog(slog.New(handler).With("client", "orders"))
	// Give it to one client with its option WithLogger, or to all of the process:
	//	rlog.SetLogger(logger)
	logger.Warning("broker does not answer", map[string]interface{}{rlog.LogKeyBroker: "broker-a"})
	// Output: level=WARN msg="broker does not answer" client=orders broker=broker-a
}

func ExampleEnabled() {
	logger := rlog.Discard()
	if rlog.Enabled(logger, slog.LevelDebug) { // fields are built only when somebody reads them
		logger.Debug("pulled", map[string]interface{}{rlog.LogKeyMessages: 32})
	}
	// Output:
}

func ExampleSetLogLevel() {
	rlog.SetLogLevel("error")
	rlog.Warning("nobody reads this", nil)
	rlog.SetLogLevel("warn") // the default
	// Output:
}

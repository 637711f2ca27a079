package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v3"
)

func versionCommand(out io.Writer) *cli.Command {
	return &cli.Command{
		Name:         "version",
		Usage:        "print the version of this build",
		OnUsageError: usageError,
		Action: func(context.Context, *cli.Command) error {
			_, err := fmt.Fprintf(out, "rmq %s %s %s/%s\n", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// buildVersion is the module version that go install recorded, or what it knows of a checkout.
func buildVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

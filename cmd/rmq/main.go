package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v3"
)

const (
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// errUsage marks errors that are the caller's wrong arguments.
var errUsage = errors.New("wrong usage")

// run is the whole program, less the process around it.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	err := app(out, errOut).Run(ctx, args)
	if err == nil {
		return 0
	}
	_, _ = fmt.Fprintf(errOut, "rmq: %v\n", err)
	if errors.Is(err, errUsage) {
		return exitUsage
	}
	return exitFailed
}

func app(out, errOut io.Writer) *cli.Command {
	return &cli.Command{
		Name:      "rmq",
		Usage:     "the command-line tool of rocketmq-go",
		Writer:    out,
		ErrWriter: errOut,
		Commands:  []*cli.Command{brokerCommand(out), versionCommand(out)},
		// The program ends in main alone.
		ExitErrHandler: func(context.Context, *cli.Command, error) {},
		OnUsageError:   usageError,
		Action: func(_ context.Context, c *cli.Command) error {
			if c.Args().Present() {
				return fmt.Errorf("%w: there is no command %q", errUsage, c.Args().First())
			}
			return cli.ShowAppHelp(c)
		},
	}
}

func usageError(_ context.Context, _ *cli.Command, err error, _ bool) error {
	return fmt.Errorf("%w: %w", errUsage, err)
}

package remote

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestError(t *testing.T) {
	t.Parallel()
	err := error(&Error{Op: "receive", Addr: "10.0.0.1:10911", Code: 310, Sent: true, Err: lost(io.EOF)})
	require.EqualError(t, err, "remote: receive 10.0.0.1:10911, request 310: connection lost: EOF")
	require.ErrorIs(t, err, ErrConnectionLost)
	require.ErrorIs(t, err, io.EOF)
	require.False(t, failure(t, err).Timeout())

	err = &Error{Op: "dial", Addr: "a:1", Err: ErrTimeout}
	require.EqualError(t, err, "remote: dial a:1, request 0: timed out")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.True(t, failure(t, err).Timeout())
	require.True(t, failure(t, err).Remoting())
	require.False(t, (&Error{Err: context.Canceled}).Remoting())

	require.Equal(t, ErrTimeout, contextError(context.DeadlineExceeded))
	require.Equal(t, context.Canceled, contextError(context.Canceled))
	require.NotErrorIs(t, ErrTimeout, context.Canceled)
	require.False(t, errors.Is(ErrClosed, ErrConnectionLost))
}
